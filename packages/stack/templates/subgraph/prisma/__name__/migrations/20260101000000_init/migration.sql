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

-- CreateTable
CREATE TABLE "audit_log" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "actor_role" TEXT,
    "service" TEXT,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',
    "request_id" TEXT NOT NULL,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_log_subject_id_at_idx" ON "audit_log"("subject_id", "at");

-- CreateIndex
CREATE INDEX "audit_log_actor_id_at_idx" ON "audit_log"("actor_id", "at");

-- Append only, whoever asks: the service's own role, the owner of the table, an operator by mistake
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_append_only;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM PUBLIC;

-- Events for other systems, see docs/domain-events.md: triggers write them down in the transaction of the change, so that no
-- way of changing things can forget one, and no statement more is sent. A relay sends and deletes them.

-- W3C trace context of the transaction, where it has set one.
CREATE FUNCTION domain_event_trace() RETURNS text
LANGUAGE sql STABLE
RETURN nullif(current_setting('tributary.traceparent', true), '');

-- CreateTable
CREATE TABLE "domain_events" (
    "id" BIGSERIAL NOT NULL,
    "event_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "type" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "entity_id" UUID NOT NULL,
    "data" JSONB NOT NULL,
    "traceparent" TEXT DEFAULT domain_event_trace(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "domain_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "domain_event_switch" (
    "is_only" BOOLEAN NOT NULL DEFAULT true,
    "is_on" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "domain_event_switch_pkey" PRIMARY KEY ("is_only")
);

-- There is one row, and nothing is written down until somebody wants events.
ALTER TABLE "domain_event_switch" ADD CONSTRAINT "domain_event_switch_is_only" CHECK ("is_only");
INSERT INTO "domain_event_switch" DEFAULT VALUES;

-- Rows come and go: without this, dead ones would pile up at the end that is read.
ALTER TABLE "domain_events" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE FUNCTION domain_events_are_on() RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM domain_event_switch WHERE is_on);

-- The number of an event is drawn after the row that it is about was locked by its change: of one entity, a later change
-- has a higher number, and is committed later.

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

-- What was made.
CREATE FUNCTION domain_events_of_new___table__() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT '__file__.created.v1', '__file__', n.id, jsonb_build_object('__field__Id', n.id)
        FROM new_rows n;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_new___table__ AFTER INSERT ON "__table__"
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_new___table__();
