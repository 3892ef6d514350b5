-- Events that the broker refuses, see docs/domain-events.md: each is tried some times more, and is dead then; later ones of its
-- entity wait behind it.

-- CreateTable
CREATE TABLE "domain_event_refusals" (
    "id" BIGINT NOT NULL,
    "refusals" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "retry_at" TIMESTAMPTZ(3),

    CONSTRAINT "domain_event_refusals_pkey" PRIMARY KEY ("id")
);
