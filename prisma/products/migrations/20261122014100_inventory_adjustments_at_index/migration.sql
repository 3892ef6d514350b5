-- CreateIndex
CREATE INDEX CONCURRENTLY "inventory_adjustments_at_idx" ON "inventory_adjustments"("at");
