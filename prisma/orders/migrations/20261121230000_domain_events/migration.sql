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

-- The steps of orders. What was bought goes with the first one.
CREATE FUNCTION domain_events_of_order_steps() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data, at)
        SELECT
            CASE s.to_status WHEN 'PENDING_PAYMENT' THEN 'order.placed.v1' ELSE 'order.' || lower(s.to_status::text) || '.v1' END,
            'order', o.id,
            jsonb_build_object(
                'orderId', o.id, 'number', o.number, 'userId', o.user_id,
                'total', jsonb_build_object('minorUnits', o.total_minor, 'currency', o.currency)
            ) || CASE WHEN s.from_status IS NOT NULL THEN jsonb_build_object('from', s.from_status) ELSE
                jsonb_build_object('lines', coalesce((
                    SELECT jsonb_agg(jsonb_build_object(
                        'variantId', l.variant_id, 'sku', l.sku, 'quantity', l.quantity,
                        'unitPrice', jsonb_build_object('minorUnits', l.unit_price_minor, 'currency', o.currency)
                    ) ORDER BY l.position)
                    FROM order_lines l WHERE l.order_id = o.id
                ), '[]'))
            END,
            s.at
        FROM new_steps s JOIN orders o ON o.id = s.order_id
        ORDER BY o.id, s.at;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_order_steps AFTER INSERT ON order_events
    REFERENCING NEW TABLE AS new_steps
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_order_steps();

-- What came of an order’s money. Who changes a payment has locked its order: both are one entity, in one order.
CREATE FUNCTION domain_events_of_payments() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT
            told.type, 'order', n.order_id,
            jsonb_build_object(
                'orderId', n.order_id,
                'amount', jsonb_build_object('minorUnits', told.amount_minor, 'currency', n.currency)
            ) || told.more
        FROM new_payments n JOIN old_payments o ON o.order_id = n.order_id CROSS JOIN LATERAL (VALUES
            (1, n.captured_minor > o.captured_minor, 'payment.captured.v1', n.captured_minor - o.captured_minor,
                jsonb_build_object('byHand', false)),
            (2, n.received_by_hand AND NOT o.received_by_hand, 'payment.captured.v1', n.amount_minor,
                jsonb_build_object('byHand', true)),
            (3, n.refunded_minor > o.refunded_minor, 'payment.refunded.v1', n.refunded_minor - o.refunded_minor, '{}'),
            (4, n.status = 'FAILED' AND o.status <> 'FAILED', 'payment.failed.v1', n.amount_minor, '{}')
        ) AS told(place, happened, type, amount_minor, more)
        WHERE told.happened
        ORDER BY n.order_id, told.place;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_payments AFTER UPDATE ON payments
    REFERENCING OLD TABLE AS old_payments NEW TABLE AS new_payments
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_payments();
