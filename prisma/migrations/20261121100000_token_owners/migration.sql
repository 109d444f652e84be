-- AlterTable
ALTER TABLE "access_token" ADD COLUMN     "created_by" UUID,
ADD COLUMN     "owner" TEXT;
