-- CreateTable
CREATE TABLE "traffic_route" (
    "route" TEXT NOT NULL,
    "standing" JSONB,
    "claimed_until" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "traffic_route_pkey" PRIMARY KEY ("route")
);
