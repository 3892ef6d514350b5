-- Orders by month of their id, with their lines, events and payments, see docs/databases.md. The tables as they were become
-- the first partitions, without a copy. Where they are large, that page says what to do before.

LOCK TABLE "orders", "order_lines", "order_events", "payments" IN ACCESS EXCLUSIVE MODE;

-- The least UUID version 7 (RFC 9562) that can be made in the millisecond of a moment, moved by some hours.
CREATE FUNCTION uuid_v7_floor(moment timestamptz, hours integer DEFAULT 0) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    lpad(to_hex(least(greatest(
        floor(extract(epoch FROM moment - timestamptz '1970-01-01 00:00:00+00') * 1000)::bigint + hours * 3600000::bigint,
        0), 281474976710655)), 12, '0') || repeat('0', 20)
)::uuid;

-- A unique key of a partitioned table names what it is partitioned by: what is to be unique without that has a table

-- CreateTable
CREATE TABLE "order_numbers" (
    "number" TEXT NOT NULL,
    "order_id" UUID NOT NULL,

    CONSTRAINT "order_numbers_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "provider_payments" (
    "provider_id" TEXT NOT NULL,
    "order_id" UUID NOT NULL,

    CONSTRAINT "provider_payments_pkey" PRIMARY KEY ("provider_id")
);

INSERT INTO "order_numbers" ("number", "order_id") SELECT "number", "id" FROM "orders";
INSERT INTO "provider_payments" ("provider_id", "order_id")
SELECT "provider_id", "order_id" FROM "payments" WHERE "provider_id" IS NOT NULL;
DROP INDEX "orders_number_key";
DROP INDEX "payments_provider_id_key";

-- Of lines and events, unique indexes that were there become the keys
ALTER TABLE "order_lines" DROP CONSTRAINT "order_lines_pkey";
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_pkey" PRIMARY KEY USING INDEX "order_lines_order_id_position_key";
ALTER TABLE "order_events" DROP CONSTRAINT "order_events_pkey";
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_pkey"
    PRIMARY KEY USING INDEX "order_events_order_id_to_status_key";

-- The tables as they were make room
ALTER TABLE "orders" RENAME TO "orders_past";
ALTER INDEX "orders_pkey" RENAME TO "orders_past_pkey";
ALTER INDEX "orders_status_idx" RENAME TO "orders_past_status_idx";
ALTER INDEX "orders_placed_at_id_idx" RENAME TO "orders_past_placed_at_id_idx";
ALTER INDEX "orders_total_minor_id_idx" RENAME TO "orders_past_total_minor_id_idx";
ALTER INDEX "orders_status_placed_at_id_idx" RENAME TO "orders_past_status_placed_at_id_idx";
ALTER INDEX "orders_status_total_minor_id_idx" RENAME TO "orders_past_status_total_minor_id_idx";
ALTER INDEX "orders_user_id_placed_at_id_idx" RENAME TO "orders_past_user_id_placed_at_id_idx";
ALTER INDEX "orders_user_id_total_minor_id_idx" RENAME TO "orders_past_user_id_total_minor_id_idx";
ALTER TABLE "order_lines" RENAME TO "order_lines_past";
ALTER TABLE "order_lines_past" RENAME CONSTRAINT "order_lines_order_id_fkey" TO "order_lines_past_month_fkey";
ALTER INDEX "order_lines_pkey" RENAME TO "order_lines_past_pkey";
ALTER TABLE "order_events" RENAME TO "order_events_past";
ALTER TABLE "order_events_past" RENAME CONSTRAINT "order_events_order_id_fkey" TO "order_events_past_month_fkey";
ALTER INDEX "order_events_pkey" RENAME TO "order_events_past_pkey";
ALTER INDEX "order_events_order_id_from_status_key" RENAME TO "order_events_past_order_id_from_status_key";
ALTER INDEX "order_events_order_id_at_id_idx" RENAME TO "order_events_past_order_id_at_id_idx";
ALTER TABLE "payments" RENAME TO "payments_past";
ALTER TABLE "payments_past" RENAME CONSTRAINT "payments_order_id_fkey" TO "payments_past_month_fkey";
ALTER INDEX "payments_pkey" RENAME TO "payments_past_pkey";

CREATE TABLE "orders" (LIKE "orders_past" INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE ("id");
ALTER TABLE "orders" ADD CONSTRAINT "orders_pkey" PRIMARY KEY ("id");
CREATE INDEX "orders_status_idx" ON "orders"("status");
CREATE INDEX "orders_placed_at_id_idx" ON "orders"("placed_at", "id");
CREATE INDEX "orders_total_minor_id_idx" ON "orders"("total_minor", "id");
CREATE INDEX "orders_status_placed_at_id_idx" ON "orders"("status", "placed_at", "id");
CREATE INDEX "orders_status_total_minor_id_idx" ON "orders"("status", "total_minor", "id");
CREATE INDEX "orders_user_id_placed_at_id_idx" ON "orders"("user_id", "placed_at", "id");
CREATE INDEX "orders_user_id_total_minor_id_idx" ON "orders"("user_id", "total_minor", "id");

CREATE TABLE "order_lines" (LIKE "order_lines_past" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY RANGE ("order_id");
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_pkey" PRIMARY KEY ("order_id", "position");

CREATE TABLE "order_events" (LIKE "order_events_past" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY RANGE ("order_id");
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_pkey" PRIMARY KEY ("order_id", "to_status");
CREATE UNIQUE INDEX "order_events_order_id_from_status_key" ON "order_events"("order_id", "from_status");
CREATE INDEX "order_events_order_id_at_id_idx" ON "order_events"("order_id", "at", "id");

CREATE TABLE "payments" (LIKE "payments_past" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
    PARTITION BY RANGE ("order_id");
ALTER TABLE "payments" ADD CONSTRAINT "payments_pkey" PRIMARY KEY ("order_id");

-- Where tables were prepared, this said that they hold the past only
ALTER TABLE "orders" DROP CONSTRAINT IF EXISTS "orders_of_the_past";
ALTER TABLE "order_lines" DROP CONSTRAINT IF EXISTS "order_lines_of_the_past";
ALTER TABLE "order_events" DROP CONSTRAINT IF EXISTS "order_events_of_the_past";
ALTER TABLE "payments" DROP CONSTRAINT IF EXISTS "payments_of_the_past";

-- For months that nobody has made a partition for, and for ids that tell no time
CREATE TABLE "orders_default" PARTITION OF "orders" DEFAULT;
CREATE TABLE "order_lines_default" PARTITION OF "order_lines" DEFAULT;
CREATE TABLE "order_events_default" PARTITION OF "order_events" DEFAULT;
CREATE TABLE "payments_default" PARTITION OF "payments" DEFAULT;

-- What belongs to an order is in the partition of the same month, and its foreign key names that one: a key that names the
-- whole takes ten times as long to check.
CREATE FUNCTION refer_to_month(part regclass, orders_part regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (order_id) REFERENCES %s (id)
        ON DELETE CASCADE ON UPDATE CASCADE', part, (SELECT relname FROM pg_class WHERE oid = part) || '_month_fkey', orders_part);
END
$$;
SELECT refer_to_month(part, 'orders_default')
FROM unnest(ARRAY['order_lines_default', 'order_events_default', 'payments_default']::regclass[]) AS part;

-- Partitions from this month on, or the next where this one has orders already
DO $$
DECLARE
    -- Ids from here on are no UUID version 7 of our time
    odd_from uuid := uuid_v7_floor('2100-01-01 00:00:00+00');
    this_month timestamptz;
    month timestamptz;
    past_end uuid;
    parted text;
    parted_key text;
BEGIN
    PERFORM set_config('TimeZone', 'UTC', true);
    this_month := date_trunc('month', now());
    month := this_month;
    IF EXISTS (SELECT FROM orders_past WHERE id >= uuid_v7_floor(this_month) AND id < odd_from) THEN
        month := this_month + interval '1 month';
    END IF;
    past_end := uuid_v7_floor(month);

    FOREACH parted IN ARRAY ARRAY['orders', 'order_lines', 'order_events', 'payments'] LOOP
        parted_key := CASE parted WHEN 'orders' THEN 'id' ELSE 'order_id' END;
        EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE %I >= %L',
            parted || '_default', parted || '_past', parted_key, past_end);
    END LOOP;
    DELETE FROM orders_past WHERE id >= past_end; -- and what belongs to them
    FOREACH parted IN ARRAY ARRAY['orders', 'order_lines', 'order_events', 'payments'] LOOP
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
            parted, parted || '_past', past_end);
    END LOOP;
    WHILE month <= this_month + interval '3 months' LOOP
        FOREACH parted IN ARRAY ARRAY['orders', 'order_lines', 'order_events', 'payments'] LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                parted || to_char(month, '_YYYY_MM'), parted, uuid_v7_floor(month),
                uuid_v7_floor(month + interval '1 month'));
            IF parted <> 'orders' THEN
                PERFORM refer_to_month((parted || to_char(month, '_YYYY_MM'))::regclass,
                    ('orders' || to_char(month, '_YYYY_MM'))::regclass);
            END IF;
        END LOOP;
        month := month + interval '1 month';
    END LOOP;

    -- Lists by time leave partitions out because an id tells when its order was placed, within two days. What is older than
    -- this migration, and ids that tell no time, are taken as they are: such lists always look among them.
    EXECUTE format('ALTER TABLE orders ADD CONSTRAINT orders_id_tells_time CHECK (
        id < %1$L OR id >= %2$L OR (id >= uuid_v7_floor(placed_at, -48) AND id < uuid_v7_floor(placed_at, 48)))',
        past_end, odd_from);
    EXECUTE format('CREATE FUNCTION order_id_may_be_after(id uuid, moment timestamptz) RETURNS boolean
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN id < %1$L OR id >= uuid_v7_floor(moment, -48)', past_end);
    EXECUTE format('CREATE FUNCTION order_id_may_be_before(id uuid, moment timestamptz) RETURNS boolean
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN id < greatest(%1$L, uuid_v7_floor(moment, 48)) OR id >= %2$L', past_end, odd_from);
END
$$;

-- For whoever reads the schema: these say how the tables are joined, and check nothing. PostgreSQL knows such from 18 on.
DO $$
DECLARE
    parted text;
BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
        FOREACH parted IN ARRAY ARRAY['order_lines', 'order_events', 'payments'] LOOP
            EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (order_id) REFERENCES orders (id)
                ON DELETE CASCADE ON UPDATE CASCADE NOT ENFORCED', parted, parted || '_order_id_fkey');
        END LOOP;
    END IF;
END
$$;

-- Whoever writes orders or payments: a number is of one order, and a provider's id of one payment, also of those that were
-- archived. What has a row there already, from the same statement, is not written again.
CREATE FUNCTION keep_order_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO order_numbers (number, order_id)
        SELECT a.number, a.id FROM added a
        WHERE NOT EXISTS (SELECT FROM order_numbers n WHERE n.number = a.number AND n.order_id = a.id);
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM order_numbers n USING removed r WHERE n.number = r.number;
    ELSE
        TRUNCATE order_numbers;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER orders_numbers_added AFTER INSERT ON orders REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION keep_order_numbers();
CREATE TRIGGER orders_numbers_removed AFTER DELETE ON orders REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION keep_order_numbers();
CREATE TRIGGER orders_numbers_emptied AFTER TRUNCATE ON orders
    FOR EACH STATEMENT EXECUTE FUNCTION keep_order_numbers();

CREATE FUNCTION refuse_other_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an order keeps its number' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER orders_keep_number BEFORE UPDATE OF number ON orders
    FOR EACH ROW WHEN (OLD.number <> NEW.number) EXECUTE FUNCTION refuse_other_number();

CREATE FUNCTION keep_provider_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE provider_payments;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM provider_payments WHERE provider_id = OLD.provider_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.provider_id IS NOT NULL THEN
        INSERT INTO provider_payments (provider_id, order_id) VALUES (NEW.provider_id, NEW.order_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER payments_provider_added AFTER INSERT ON payments
    FOR EACH ROW WHEN (NEW.provider_id IS NOT NULL) EXECUTE FUNCTION keep_provider_payments();
CREATE TRIGGER payments_provider_changed AFTER UPDATE ON payments
    FOR EACH ROW WHEN (OLD.provider_id IS DISTINCT FROM NEW.provider_id) EXECUTE FUNCTION keep_provider_payments();
CREATE TRIGGER payments_provider_removed AFTER DELETE ON payments
    FOR EACH ROW WHEN (OLD.provider_id IS NOT NULL) EXECUTE FUNCTION keep_provider_payments();
CREATE TRIGGER payments_provider_emptied AFTER TRUNCATE ON payments
    FOR EACH STATEMENT EXECUTE FUNCTION keep_provider_payments();

-- Where months go that are archived
CREATE TABLE archive.orders (LIKE "orders") PARTITION BY RANGE ("id");
CREATE TABLE archive.order_lines (LIKE "order_lines") PARTITION BY RANGE ("order_id");
CREATE TABLE archive.order_events (LIKE "order_events") PARTITION BY RANGE ("order_id");
CREATE TABLE archive.payments (LIKE "payments") PARTITION BY RANGE ("order_id");
