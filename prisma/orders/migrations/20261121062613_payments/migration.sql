-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('PENDING', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'CANCELLED');

-- CreateTable
CREATE TABLE "payments" (
    "order_id" UUID NOT NULL,
    "status" "PaymentStatus" NOT NULL DEFAULT 'PENDING',
    "currency" "CurrencyCode" NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "provider_id" TEXT,
    "received_by_hand" BOOLEAN NOT NULL DEFAULT false,
    "captured_minor" BIGINT NOT NULL DEFAULT 0,
    "refund_wanted_minor" BIGINT NOT NULL DEFAULT 0,
    "refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "failure_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "payment_events" (
    "event_id" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_events_pkey" PRIMARY KEY ("event_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "payments_provider_id_key" ON "payments"("provider_id");

-- CreateIndex
CREATE UNIQUE INDEX "order_events_order_id_from_status_key" ON "order_events"("order_id", "from_status");

-- CreateIndex
CREATE UNIQUE INDEX "order_events_order_id_to_status_key" ON "order_events"("order_id", "to_status");

-- AddForeignKey
ALTER TABLE "payments" ADD CONSTRAINT "payments_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What may never be, whatever the code does
ALTER TABLE "payments" ADD CONSTRAINT "payments_amount_not_negative" CHECK ("amount_minor" >= 0);
ALTER TABLE "payments" ADD CONSTRAINT "payments_captured_not_negative" CHECK ("captured_minor" >= 0);
ALTER TABLE "payments" ADD CONSTRAINT "payments_refunds_within_captured"
    CHECK ("refunded_minor" BETWEEN 0 AND "captured_minor" AND "refund_wanted_minor" BETWEEN 0 AND "captured_minor");
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_begin_with_placing"
    CHECK (("from_status" IS NULL) = ("to_status" = 'PENDING_PAYMENT'));

-- Orders that are there already: if they were ever paid, it was without the provider
INSERT INTO "payments" ("order_id", "status", "currency", "amount_minor", "received_by_hand", "created_at", "updated_at")
SELECT o."id",
    CASE
        WHEN o."status" = 'PENDING_PAYMENT' THEN 'PENDING'
        WHEN paid.at IS NOT NULL THEN 'SUCCEEDED'
        ELSE 'CANCELLED'
    END::"PaymentStatus",
    o."currency", o."total_minor", paid.at IS NOT NULL, o."placed_at", o."updated_at"
FROM "orders" o
LEFT JOIN "order_events" paid ON paid."order_id" = o."id" AND paid."to_status" = 'PAID';
