-- CreateTable
CREATE TABLE "__table__" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "__table___pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "__table___created_at_id_idx" ON "__table__"("created_at", "id");
