-- CreateTable
CREATE TABLE "service" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifact" (
    "service_id" UUID NOT NULL,
    "version" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("service_id","version")
);

-- CreateTable
CREATE TABLE "deployment" (
    "id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "version" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "url" TEXT,
    "reported_by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_traffic" (
    "service_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "stable_version" TEXT NOT NULL,
    "stable_digest" TEXT NOT NULL,
    "candidate_version" TEXT,
    "candidate_digest" TEXT,
    "share" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_traffic_pkey" PRIMARY KEY ("service_id","environment_id")
);

-- CreateTable
CREATE TABLE "measurement_total" (
    "environment_id" UUID NOT NULL,
    "rollout_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "arm" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "n" BIGINT NOT NULL,
    "bad" BIGINT NOT NULL,
    "callers" BIGINT NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "sum_squares" DOUBLE PRECISION NOT NULL,
    "sketch" JSONB,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "measurement_total_pkey" PRIMARY KEY ("environment_id","rollout_id","subject","arm","metric")
);

-- CreateTable
CREATE TABLE "failing_caller" (
    "rollout_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "arm" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "hash" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "failing_caller_pkey" PRIMARY KEY ("rollout_id","subject","arm","metric","hash")
);

-- CreateTable
CREATE TABLE "measurement_history" (
    "environment_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "n" BIGINT NOT NULL,
    "bad" BIGINT NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "sum_squares" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "measurement_history_pkey" PRIMARY KEY ("environment_id","subject","metric","seconds","from")
);

-- CreateTable
CREATE TABLE "policy" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_version" (
    "policy_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("policy_id","version")
);

-- CreateTable
CREATE TABLE "release" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" JSONB NOT NULL,
    "changes" JSONB NOT NULL,
    "policy_key" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "natural_key" TEXT,
    "created_by" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "scheduled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "superseded_by" UUID,
    "confounded_by" TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release_approval" (
    "release_id" UUID NOT NULL,
    "gate" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "release_approval_pkey" PRIMARY KEY ("release_id","gate","actor_id","content_hash")
);

-- CreateTable
CREATE TABLE "rollout" (
    "id" UUID NOT NULL,
    "release_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "policy" JSONB NOT NULL,
    "targets" JSONB NOT NULL,
    "ramp" JSONB NOT NULL,
    "evidence" JSONB NOT NULL,
    "next_tick_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "rollout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollout_observation" (
    "rollout_id" UUID NOT NULL,
    "tick" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "rollout_observation_pkey" PRIMARY KEY ("rollout_id","tick")
);

-- CreateTable
CREATE TABLE "verdict" (
    "rollout_id" UUID NOT NULL,
    "tick" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "step_index" INTEGER NOT NULL,
    "share" INTEGER NOT NULL,
    "metrics" JSONB NOT NULL,

    CONSTRAINT "verdict_pkey" PRIMARY KEY ("rollout_id","tick")
);

-- CreateTable
CREATE TABLE "rejected_digest" (
    "environment_id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "digest" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "release_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rejected_digest_pkey" PRIMARY KEY ("environment_id","service_id","digest")
);

-- CreateTable
CREATE TABLE "guardrail" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "counters" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged" JSONB,
    "next_check_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "guardrail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_record" (
    "sequence" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "environment_id" UUID,
    "type" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "event_record_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "webhook" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "types" TEXT[],
    "secret" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "cursor" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "webhook_id" UUID NOT NULL,
    "event_sequence" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "last_status" INTEGER,
    "last_error" TEXT,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("webhook_id","event_sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "service_project_id_key_key" ON "service"("project_id", "key");

-- CreateIndex
CREATE INDEX "artifact_service_id_digest_idx" ON "artifact"("service_id", "digest");

-- CreateIndex
CREATE INDEX "deployment_environment_id_service_id_version_at_idx" ON "deployment"("environment_id", "service_id", "version", "at");

-- CreateIndex
CREATE INDEX "service_traffic_environment_id_idx" ON "service_traffic"("environment_id");

-- CreateIndex
CREATE INDEX "measurement_total_last_at_idx" ON "measurement_total"("last_at");

-- CreateIndex
CREATE INDEX "failing_caller_at_idx" ON "failing_caller"("at");

-- CreateIndex
CREATE INDEX "measurement_history_seconds_from_idx" ON "measurement_history"("seconds", "from");

-- CreateIndex
CREATE UNIQUE INDEX "policy_project_id_key_key" ON "policy"("project_id", "key");

-- CreateIndex
CREATE INDEX "release_environment_id_status_idx" ON "release"("environment_id", "status");

-- CreateIndex
CREATE INDEX "release_project_id_created_at_idx" ON "release"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "release_natural_key_idx" ON "release"("natural_key");

-- CreateIndex
CREATE INDEX "rollout_status_next_tick_at_idx" ON "rollout"("status", "next_tick_at");

-- CreateIndex
CREATE INDEX "rollout_environment_id_status_idx" ON "rollout"("environment_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "rollout_release_id_attempt_key" ON "rollout"("release_id", "attempt");

-- CreateIndex
CREATE INDEX "rollout_observation_at_idx" ON "rollout_observation"("at");

-- CreateIndex
CREATE INDEX "guardrail_next_check_at_idx" ON "guardrail"("next_check_at");

-- CreateIndex
CREATE UNIQUE INDEX "guardrail_environment_id_key_key" ON "guardrail"("environment_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "event_record_id_key" ON "event_record"("id");

-- CreateIndex
CREATE INDEX "event_record_project_id_sequence_idx" ON "event_record"("project_id", "sequence");

-- CreateIndex
CREATE INDEX "event_record_at_idx" ON "event_record"("at");

-- CreateIndex
CREATE INDEX "webhook_project_id_idx" ON "webhook"("project_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_status_next_attempt_at_idx" ON "webhook_delivery"("status", "next_attempt_at");

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_traffic" ADD CONSTRAINT "service_traffic_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_traffic" ADD CONSTRAINT "service_traffic_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy" ADD CONSTRAINT "policy_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_approval" ADD CONSTRAINT "release_approval_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout" ADD CONSTRAINT "rollout_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout_observation" ADD CONSTRAINT "rollout_observation_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The fences below are not expressible in schema.prisma, so written by hand.

CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END;
$$;

CREATE TRIGGER "verdict_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "verdict"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE TRIGGER "policy_version_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "policy_version"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Nothing is measured or judged for an attempt that is over or was followed by another, and no verdict follows a bad one.
CREATE FUNCTION "refuse_late_rollout_write"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM "rollout" JOIN "release" ON "release"."id" = "rollout"."release_id"
        WHERE "rollout"."id" = NEW."rollout_id" AND "rollout"."status" = 'running'
            AND "rollout"."attempt" = "release"."attempt"
    ) THEN
        RAISE EXCEPTION 'the attempt is over' USING ERRCODE = 'SL001';
    END IF;
    IF EXISTS (SELECT FROM "verdict" WHERE "rollout_id" = NEW."rollout_id" AND "state" = 'fail') THEN
        RAISE EXCEPTION 'a bad verdict stands' USING ERRCODE = 'SL002';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER "verdict_fence" BEFORE INSERT ON "verdict"
    FOR EACH ROW EXECUTE FUNCTION "refuse_late_rollout_write"();

CREATE TRIGGER "rollout_observation_fence" BEFORE INSERT ON "rollout_observation"
    FOR EACH ROW EXECUTE FUNCTION "refuse_late_rollout_write"();

-- How an attempt ended never changes, and one with a bad verdict is never released.
CREATE FUNCTION "refuse_reopened_rollout"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD."status" <> 'running' THEN
        RAISE EXCEPTION 'the attempt is over' USING ERRCODE = 'SL001';
    END IF;
    IF NEW."status" = 'released'
        AND EXISTS (SELECT FROM "verdict" WHERE "rollout_id" = NEW."id" AND "state" = 'fail') THEN
        RAISE EXCEPTION 'a bad verdict stands' USING ERRCODE = 'SL002';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER "rollout_fence" BEFORE UPDATE ON "rollout"
    FOR EACH ROW EXECUTE FUNCTION "refuse_reopened_rollout"();
