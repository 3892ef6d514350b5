-- The audit log by month of its entries, see docs/databases.md. The table as it was becomes the first partition, without a
-- copy. Where it is large, that page says what to do before, so that this takes no time.

LOCK TABLE "audit_log" IN ACCESS EXCLUSIVE MODE;

-- A key of a partitioned table names what it is partitioned by
CREATE UNIQUE INDEX IF NOT EXISTS "audit_log_id_at_key" ON "audit_log"("id", "at");
ALTER TABLE "audit_log" DROP CONSTRAINT "audit_log_pkey";
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_pkey" PRIMARY KEY USING INDEX "audit_log_id_at_key";

-- The table as it was makes room
ALTER TABLE "audit_log" RENAME TO "audit_log_past";
ALTER INDEX "audit_log_pkey" RENAME TO "audit_log_past_pkey";
ALTER INDEX "audit_log_subject_id_at_idx" RENAME TO "audit_log_past_subject_id_at_idx";
ALTER INDEX "audit_log_actor_id_at_idx" RENAME TO "audit_log_past_actor_id_at_idx";

CREATE TABLE "audit_log" (LIKE "audit_log_past" INCLUDING DEFAULTS) PARTITION BY RANGE ("at");
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id", "at");
CREATE INDEX "audit_log_subject_id_at_idx" ON "audit_log"("subject_id", "at");
CREATE INDEX "audit_log_actor_id_at_idx" ON "audit_log"("actor_id", "at");

-- Append only by whatever name: a trigger of the whole does not see what names a partition. Partitions that are made later
-- get theirs by the same function.
CREATE FUNCTION keep_append_only(kept regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()', kept);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_log_append_only', kept);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM PUBLIC', kept);
END
$$;
SELECT keep_append_only('audit_log');

-- For months that nobody has made a partition for
CREATE TABLE "audit_log_default" PARTITION OF "audit_log" DEFAULT;
SELECT keep_append_only('audit_log_default');

-- Partitions from this month on, or the next where this one has entries already
DO $$
DECLARE
    this_month timestamptz;
    month timestamptz;
    made text;
BEGIN
    PERFORM set_config('TimeZone', 'UTC', true);
    this_month := date_trunc('month', now());
    month := this_month;
    IF EXISTS (SELECT FROM audit_log_past WHERE at >= this_month) THEN
        month := this_month + interval '1 month';
    END IF;
    EXECUTE format('ALTER TABLE audit_log ATTACH PARTITION audit_log_past FOR VALUES FROM (MINVALUE) TO (%L)', month);
    WHILE month <= this_month + interval '3 months' LOOP
        made := 'audit_log_' || to_char(month, 'YYYY_MM');
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)',
            made, month, month + interval '1 month');
        PERFORM keep_append_only(made::regclass);
        month := month + interval '1 month';
    END LOOP;
END
$$;

-- Where months go that are archived
CREATE SCHEMA IF NOT EXISTS archive;
CREATE TABLE IF NOT EXISTS archive.audit_log (LIKE "audit_log") PARTITION BY RANGE ("at");
