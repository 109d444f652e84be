-- AlterTable
ALTER TABLE "service_instance" ADD COLUMN     "registered_by" TEXT;
