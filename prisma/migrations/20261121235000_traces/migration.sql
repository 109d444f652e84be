-- AlterTable
ALTER TABLE "event_record" ADD COLUMN     "traceparent" TEXT;

-- AlterTable
ALTER TABLE "rollout" ADD COLUMN     "traceparent" TEXT;
