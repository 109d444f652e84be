-- AlterTable: nothing has ever been written to it.
ALTER TABLE "webhook" ADD COLUMN     "claim_id" UUID,
ADD COLUMN     "claimed_until" TIMESTAMPTZ(3),
ADD COLUMN     "disabled_reason" TEXT,
ADD COLUMN     "previous_secret" TEXT,
ADD COLUMN     "previous_secret_until" TIMESTAMPTZ(3),
ADD COLUMN     "project_key" TEXT NOT NULL;

-- CreateIndex
CREATE INDEX "webhook_delivery_webhook_id_status_next_attempt_at_idx" ON "webhook_delivery"("webhook_id", "status", "next_attempt_at");
