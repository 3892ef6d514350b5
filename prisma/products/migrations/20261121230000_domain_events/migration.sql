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

-- Products that were added.
CREATE FUNCTION domain_events_of_new_products() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT 'product.created.v1', 'product', n.id,
            jsonb_build_object('productId', n.id, 'status', n.status, 'categoryId', n.category_id)
        FROM new_products n;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_new_products AFTER INSERT ON products
    REFERENCING NEW TABLE AS new_products
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_new_products();

-- Products of which something was changed that they say themselves; their range of prices follows from the variants.
CREATE FUNCTION domain_events_of_products() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT 'product.changed.v1', 'product', n.id,
            jsonb_build_object(
                'productId', n.id, 'status', n.status, 'categoryId', n.category_id, 'changed', to_jsonb(changed.fields)
            )
        FROM new_products n JOIN old_products o ON o.id = n.id CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
            CASE WHEN n.slug <> o.slug THEN 'slug' END,
            CASE WHEN n.title <> o.title THEN 'title' END,
            CASE WHEN n.description IS DISTINCT FROM o.description THEN 'description' END,
            CASE WHEN n.status <> o.status THEN 'status' END,
            CASE WHEN n.category_id IS DISTINCT FROM o.category_id THEN 'category' END,
            CASE WHEN n.currency <> o.currency THEN 'currency' END
        ], NULL) AS fields) changed
        WHERE changed.fields <> '{}';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_products AFTER UPDATE ON products
    REFERENCING OLD TABLE AS old_products NEW TABLE AS new_products
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_products();

-- Variants that were added.
CREATE FUNCTION domain_events_of_new_variants() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT 'variant.created.v1', 'variant', n.id,
            jsonb_build_object(
                'variantId', n.id, 'productId', n.product_id, 'sku', n.sku,
                'price', jsonb_build_object('minorUnits', n.price_minor, 'currency', p.currency)
            )
        FROM new_variants n JOIN products p ON p.id = n.product_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_new_variants AFTER INSERT ON product_variants
    REFERENCING NEW TABLE AS new_variants
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_new_variants();

-- Prices that were changed.
CREATE FUNCTION domain_events_of_prices() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT 'variant.price-changed.v1', 'variant', n.id,
            jsonb_build_object(
                'variantId', n.id, 'productId', n.product_id, 'sku', n.sku,
                'price', jsonb_build_object('minorUnits', n.price_minor, 'currency', p.currency),
                'before', jsonb_build_object('minorUnits', o.price_minor, 'currency', p.currency)
            )
        FROM new_variants n JOIN old_variants o ON o.id = n.id JOIN products p ON p.id = n.product_id
        WHERE n.price_minor <> o.price_minor;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_prices AFTER UPDATE ON product_variants
    REFERENCING OLD TABLE AS old_variants NEW TABLE AS new_variants
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_prices();

-- A variant that was never counted had none.
CREATE FUNCTION domain_events_of_new_stock() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT 'stock.changed.v1', 'stock', n.variant_id,
            jsonb_build_object(
                'variantId', n.variant_id, 'onHand', n.on_hand, 'reserved', n.reserved,
                'before', jsonb_build_object('onHand', 0, 'reserved', 0)
            )
        FROM new_stock n WHERE n.on_hand <> 0 OR n.reserved <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_new_stock AFTER INSERT ON inventory
    REFERENCING NEW TABLE AS new_stock
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_new_stock();

-- Pieces that came, went, or are kept for an order.
CREATE FUNCTION domain_events_of_stock() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        SELECT
            CASE WHEN n.on_hand <> o.on_hand THEN 'stock.changed.v1'
                WHEN n.reserved > o.reserved THEN 'stock.reserved.v1' ELSE 'stock.released.v1' END,
            'stock', n.variant_id,
            jsonb_build_object(
                'variantId', n.variant_id, 'onHand', n.on_hand, 'reserved', n.reserved,
                'before', jsonb_build_object('onHand', o.on_hand, 'reserved', o.reserved)
            )
        FROM new_stock n JOIN old_stock o ON o.variant_id = n.variant_id
        WHERE n.on_hand <> o.on_hand OR n.reserved <> o.reserved;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_stock AFTER UPDATE ON inventory
    REFERENCING OLD TABLE AS old_stock NEW TABLE AS new_stock
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_of_stock();

-- A file of the catalogue that was read.
CREATE FUNCTION domain_events_of_import() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF domain_events_are_on() THEN
        INSERT INTO domain_events (type, entity, entity_id, data)
        VALUES ('catalogue.imported.v1', 'import', NEW.id, jsonb_build_object(
            'importRunId', NEW.id, 'status', NEW.status, 'rows', NEW.rows, 'created', NEW.created,
            'updated', NEW.updated, 'unchanged', NEW.unchanged, 'bad', NEW.bad
        ));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_of_import AFTER UPDATE ON import_runs
    FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status IN ('DONE', 'FAILED'))
    EXECUTE FUNCTION domain_events_of_import();
