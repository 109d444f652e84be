-- CreateTable
CREATE TABLE "tracked_event" (
    "environment_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "sum" DOUBLE PRECISION NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tracked_event_pkey" PRIMARY KEY ("environment_id","event")
);
