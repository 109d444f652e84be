-- CreateTable
CREATE TABLE "flag_usage_hour" (
    "environment_id" UUID NOT NULL,
    "flag_key" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "variation" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "flag_usage_hour_pkey" PRIMARY KEY ("environment_id","flag_key","hour","variation")
);

-- CreateIndex
CREATE INDEX "flag_usage_hour_hour_idx" ON "flag_usage_hour"("hour");
