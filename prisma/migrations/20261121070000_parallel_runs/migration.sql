-- CreateTable
CREATE TABLE "parallel_run" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "owner" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "parallel_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "parallel_run_settings" (
    "run_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "share" INTEGER NOT NULL DEFAULT 0,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "demand" JSONB NOT NULL,
    "rules" JSONB NOT NULL,
    "demand_hash" TEXT NOT NULL,
    "digest_key" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "parallel_run_settings_pkey" PRIMARY KEY ("run_id","environment_id")
);

-- CreateTable
CREATE TABLE "parallel_run_total" (
    "environment_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "candidate" TEXT NOT NULL,
    "control_version" TEXT NOT NULL,
    "candidate_version" TEXT NOT NULL,
    "sums" JSONB NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "parallel_run_total_pkey" PRIMARY KEY ("environment_id","run_id","epoch","candidate","control_version","candidate_version")
);

-- CreateTable
CREATE TABLE "parallel_run_minute" (
    "environment_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "n" BIGINT NOT NULL,
    "x" BIGINT NOT NULL,

    CONSTRAINT "parallel_run_minute_pkey" PRIMARY KEY ("environment_id","run_id","minute")
);

-- CreateTable
CREATE TABLE "parallel_run_signature" (
    "environment_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "candidate" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "places" JSONB NOT NULL,
    "is_cut" BOOLEAN NOT NULL,
    "n" BIGINT NOT NULL,
    "twins" BIGINT NOT NULL,
    "strata" JSONB NOT NULL,
    "max_delta" JSONB,
    "samples" JSONB NOT NULL,
    "first_version" TEXT NOT NULL,
    "last_version" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "parallel_run_signature_pkey" PRIMARY KEY ("environment_id","run_id","epoch","candidate","signature")
);

-- CreateTable
CREATE TABLE "parallel_run_shape" (
    "environment_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "shape" BIGINT NOT NULL,
    "n" BIGINT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "parallel_run_shape_pkey" PRIMARY KEY ("environment_id","run_id","epoch","shape")
);

-- CreateTable
CREATE TABLE "parallel_run_certificate" (
    "id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "candidate" TEXT NOT NULL,
    "control_version" TEXT NOT NULL,
    "candidate_version" TEXT NOT NULL,
    "demand_hash" TEXT NOT NULL,
    "finding" TEXT NOT NULL,
    "statement" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "voided_at" TIMESTAMPTZ(3),
    "void_reason" TEXT,

    CONSTRAINT "parallel_run_certificate_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "parallel_run_project_id_key_key" ON "parallel_run"("project_id", "key");

-- CreateIndex
CREATE INDEX "parallel_run_total_last_at_idx" ON "parallel_run_total"("last_at");

-- CreateIndex
CREATE INDEX "parallel_run_minute_minute_idx" ON "parallel_run_minute"("minute");

-- CreateIndex
CREATE INDEX "parallel_run_signature_last_at_idx" ON "parallel_run_signature"("last_at");

-- CreateIndex
CREATE INDEX "parallel_run_shape_last_at_idx" ON "parallel_run_shape"("last_at");

-- CreateIndex
CREATE INDEX "parallel_run_certificate_run_id_environment_id_at_idx" ON "parallel_run_certificate"("run_id", "environment_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "parallel_run_certificate_environment_id_run_id_epoch_candid_key" ON "parallel_run_certificate"("environment_id", "run_id", "epoch", "candidate", "control_version", "candidate_version", "finding");

-- AddForeignKey
ALTER TABLE "parallel_run" ADD CONSTRAINT "parallel_run_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "parallel_run_settings" ADD CONSTRAINT "parallel_run_settings_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "parallel_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "parallel_run_settings" ADD CONSTRAINT "parallel_run_settings_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A certificate is voided once, and nothing else of it changes; it goes with its run alone.
CREATE FUNCTION keep_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL
    OR to_jsonb(NEW) - 'voided_at' - 'void_reason' <> to_jsonb(OLD) - 'voided_at' - 'void_reason' THEN
    RAISE EXCEPTION 'a certificate cannot be changed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_certificate BEFORE UPDATE ON "parallel_run_certificate" FOR EACH ROW EXECUTE FUNCTION keep_certificate();
