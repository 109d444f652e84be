-- AlterTable
ALTER TABLE "sdk_instance" ADD COLUMN     "service" TEXT,
ADD COLUMN     "service_version" TEXT;

-- AlterTable: nothing has ever been written to it.
ALTER TABLE "failing_caller" DROP CONSTRAINT "failing_caller_pkey",
ADD COLUMN     "environment_id" UUID NOT NULL,
ADD CONSTRAINT "failing_caller_pkey" PRIMARY KEY ("environment_id", "rollout_id", "subject", "arm", "metric", "hash");
