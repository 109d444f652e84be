-- A caller counts in the arm it first failed in. A server of before inserts ON CONFLICT DO NOTHING, with whatever key.
DELETE FROM "failing_caller" AS later
USING "failing_caller" AS earlier
WHERE (later."environment_id", later."rollout_id", later."subject", later."metric", later."hash")
    = (earlier."environment_id", earlier."rollout_id", earlier."subject", earlier."metric", earlier."hash")
  AND later."arm" < earlier."arm";

-- AlterTable
ALTER TABLE "failing_caller" DROP CONSTRAINT "failing_caller_pkey",
ADD CONSTRAINT "failing_caller_pkey" PRIMARY KEY ("environment_id", "rollout_id", "subject", "metric", "hash");
