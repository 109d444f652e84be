-- AlterTable
ALTER TABLE "parallel_run_total" ADD COLUMN     "distinct_inputs" JSONB,
ADD COLUMN     "input_window" JSONB;
