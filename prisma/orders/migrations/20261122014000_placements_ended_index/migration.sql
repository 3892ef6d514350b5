-- Placements whose time may be over: `retention.prune` goes through them, the oldest first
CREATE INDEX CONCURRENTLY "placements_ended_idx" ON "placements"("started_at") WHERE "status" <> 'STARTED';
