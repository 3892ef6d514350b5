-- Reservations that hold nothing: `retention.prune` goes through them, the oldest first
CREATE INDEX CONCURRENTLY "reservations_ended_idx" ON "reservations"("updated_at") WHERE "status" IN ('RELEASED', 'EXPIRED');
