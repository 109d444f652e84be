-- CreateTable
CREATE TABLE "service_instance" (
    "service_id" UUID NOT NULL,
    "environment_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "weight" INTEGER NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_instance_pkey" PRIMARY KEY ("environment_id","service_id","id")
);

-- CreateTable
CREATE TABLE "xds_route" (
    "route" TEXT NOT NULL,
    "share" INTEGER NOT NULL,
    "arms" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "xds_route_pkey" PRIMARY KEY ("route")
);

-- CreateTable
CREATE TABLE "xds_audience" (
    "route" TEXT NOT NULL,
    "replica" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "clients" INTEGER NOT NULL,
    "behind" INTEGER NOT NULL,
    "complaints" JSONB NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "xds_audience_pkey" PRIMARY KEY ("route","replica")
);

-- CreateTable
CREATE TABLE "xds_load" (
    "route" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,

    CONSTRAINT "xds_load_pkey" PRIMARY KEY ("route","generation","version")
);

-- CreateIndex
CREATE INDEX "service_instance_lease_until_idx" ON "service_instance"("lease_until");

-- AddForeignKey
ALTER TABLE "service_instance" ADD CONSTRAINT "service_instance_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
