-- AlterTable
ALTER TABLE "person" ADD COLUMN     "invited_by" UUID;
