-- CreateEnum
CREATE TYPE "ImportStatus" AS ENUM ('QUEUED', 'RUNNING', 'DONE', 'FAILED');

-- CreateEnum
CREATE TYPE "ImportFormat" AS ENUM ('CSV', 'NDJSON');

-- AlterTable
ALTER TABLE "inventory_adjustments" ADD COLUMN "import_run_id" UUID,
ALTER COLUMN "actor_id" DROP NOT NULL,
ALTER COLUMN "idempotency_key" DROP NOT NULL,
ALTER COLUMN "request_hash" DROP NOT NULL;

-- CreateTable
CREATE TABLE "import_runs" (
    "id" UUID NOT NULL,
    "status" "ImportStatus" NOT NULL DEFAULT 'QUEUED',
    "format" "ImportFormat" NOT NULL,
    "url" TEXT,
    "content" TEXT,
    "actor_id" UUID,
    "actor_role" TEXT,
    "request_id" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "request_hash" BYTEA,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "created" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "bad" INTEGER NOT NULL DEFAULT 0,
    "problems" JSONB NOT NULL DEFAULT '[]',
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_runs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "import_runs_actor_id_idempotency_key_key" ON "import_runs"("actor_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "inventory_adjustments_import_run_id_idx" ON "inventory_adjustments"("import_run_id");

-- AddForeignKey
ALTER TABLE "inventory_adjustments" ADD CONSTRAINT "inventory_adjustments_import_run_id_fkey" FOREIGN KEY ("import_run_id") REFERENCES "import_runs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Counted by staff, with a key, or by a file
ALTER TABLE "inventory_adjustments" ADD CONSTRAINT "inventory_adjustments_source" CHECK (
    CASE WHEN "import_run_id" IS NULL THEN num_nulls("actor_id", "idempotency_key", "request_hash") = 0
    ELSE num_nonnulls("idempotency_key", "request_hash") = 0 END
);

-- A file is somewhere, or here, and nowhere once it was read
ALTER TABLE "import_runs" ADD CONSTRAINT "import_runs_source" CHECK (
    num_nonnulls("url", "content") <= CASE WHEN "status" IN ('DONE', 'FAILED') THEN 0 ELSE 1 END
);
ALTER TABLE "import_runs" ADD CONSTRAINT "import_runs_ended" CHECK (("finished_at" IS NOT NULL) = ("status" IN ('DONE', 'FAILED')));
