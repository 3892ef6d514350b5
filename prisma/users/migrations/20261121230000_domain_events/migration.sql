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

-- People who registered.
CREATE FUNCTION domain_events_of_new_users() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT 'user.registered.v1', 'user', n.id, jsonb_build_object('userId', n.id, 'role', n.role)
        FROM new_users n;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_new_users AFTER INSERT ON users
    REFERENCING NEW TABLE AS new_users
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_new_users();

-- People who were given a role, or erased; who is erased loses their role by that.
CREATE FUNCTION domain_events_of_user() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT
            CASE WHEN is_erased THEN 'user.erased.v1' ELSE 'user.role-changed.v1' END, 'user', NEW.id,
            jsonb_build_object('userId', NEW.id)
                || CASE WHEN is_erased THEN '{}' ELSE jsonb_build_object('from', OLD.role, 'to', NEW.role) END
        FROM (SELECT NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL AS is_erased) change;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_user AFTER UPDATE ON users
    FOR EACH ROW WHEN (NEW.role <> OLD.role OR NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL)
    EXECUTE FUNCTION domain_events_of_user();
