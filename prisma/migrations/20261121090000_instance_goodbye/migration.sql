-- AlterTable
ALTER TABLE "sdk_instance" ADD COLUMN     "left_at" TIMESTAMPTZ(3);
