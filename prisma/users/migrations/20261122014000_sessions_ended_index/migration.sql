-- Sessions by their end: `retention.prune` goes through them, the oldest first
CREATE INDEX CONCURRENTLY "sessions_ended_idx" ON "sessions"(LEAST("expires_at", "revoked_at"));
