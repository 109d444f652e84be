-- DropIndex
DROP INDEX "parallel_run_certificate_environment_id_run_id_epoch_candid_key";

-- CreateIndex
CREATE INDEX "parallel_run_certificate_environment_id_run_id_epoch_idx" ON "parallel_run_certificate"("environment_id", "run_id", "epoch");

-- What is void may be found again: services may go back to a version.
CREATE UNIQUE INDEX "parallel_run_certificate_standing_key" ON "parallel_run_certificate"("environment_id", "run_id", "epoch", "candidate", "control_version", "candidate_version", "finding") WHERE "voided_at" IS NULL;
