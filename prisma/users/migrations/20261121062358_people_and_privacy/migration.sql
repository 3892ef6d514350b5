-- CreateEnum
CREATE TYPE "DataExportStatus" AS ENUM ('PENDING', 'READY', 'FAILED');

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ALTER COLUMN "email" DROP NOT NULL;

-- CreateTable
CREATE TABLE "data_exports" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "status" "DataExportStatus" NOT NULL DEFAULT 'PENDING',
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "document" BYTEA,

    CONSTRAINT "data_exports_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "data_exports_user_id_requested_at_id_idx" ON "data_exports"("user_id", "requested_at", "id");

-- AddForeignKey
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What may never be, whatever the code does
ALTER TABLE "users" ADD CONSTRAINT "users_erased_is_nobody"
    CHECK ("erased_at" IS NULL OR ("email" IS NULL AND "role" = 'CUSTOMER'));
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_document_when_ready"
    CHECK (("status" = 'READY') = ("document" IS NOT NULL));
ALTER TABLE "data_exports" ADD CONSTRAINT "data_exports_finished_expires"
    CHECK (("status" = 'PENDING') = ("finished_at" IS NULL) AND ("finished_at" IS NULL) = ("expires_at" IS NULL));
-- At most one export at a time for each user
CREATE UNIQUE INDEX "data_exports_one_pending" ON "data_exports"("user_id") WHERE "status" = 'PENDING';
-- For the cleaning up
CREATE INDEX "data_exports_expires_at_idx" ON "data_exports"("expires_at") WHERE "expires_at" IS NOT NULL;
