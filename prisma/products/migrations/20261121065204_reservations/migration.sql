-- CreateEnum
CREATE TYPE "ReservationStatus" AS ENUM ('HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED');

-- CreateTable
CREATE TABLE "reservations" (
    "order_id" UUID NOT NULL,
    "status" "ReservationStatus" NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reservations_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "reservation_lines" (
    "order_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "sku" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "unit_price_minor" BIGINT NOT NULL,
    "currency" "CurrencyCode" NOT NULL,

    CONSTRAINT "reservation_lines_pkey" PRIMARY KEY ("order_id","variant_id")
);

-- CreateTable
CREATE TABLE "inventory_adjustments" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "variant_id" UUID NOT NULL,
    "delta" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "actor_id" UUID NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "on_hand_after" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inventory_adjustments_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "inventory_adjustments_variant_id_at_idx" ON "inventory_adjustments"("variant_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "inventory_adjustments_actor_id_idempotency_key_key" ON "inventory_adjustments"("actor_id", "idempotency_key");

-- AddForeignKey
ALTER TABLE "reservation_lines" ADD CONSTRAINT "reservation_lines_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "reservations"("order_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What may never be, whatever the code does
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_expiry" CHECK (("expires_at" IS NOT NULL) = ("status" IN ('HELD', 'EXPIRED')));
ALTER TABLE "reservation_lines" ADD CONSTRAINT "reservation_lines_quantity" CHECK ("quantity" BETWEEN 1 AND 999);
ALTER TABLE "reservation_lines" ADD CONSTRAINT "reservation_lines_price_not_negative" CHECK ("unit_price_minor" >= 0);
ALTER TABLE "inventory_adjustments" ADD CONSTRAINT "inventory_adjustments_delta_not_zero" CHECK ("delta" <> 0);
ALTER TABLE "inventory_adjustments" ADD CONSTRAINT "inventory_adjustments_on_hand_not_negative" CHECK ("on_hand_after" >= 0);

-- Reservations that are due
CREATE INDEX "reservations_due_idx" ON "reservations"("expires_at") WHERE "status" = 'HELD';

-- What a variant is called where its product is not beside it
CREATE FUNCTION offer_title(product_title text, variant_title text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN variant_title = 'Standard' THEN product_title ELSE product_title || ', ' || variant_title END;

-- The functions below are one statement each for whoever calls them. All lock in one order, so that they never wait for
-- each other in a circle: the order's reservation first, then stock by variant. They are meant for READ COMMITTED, where
-- every statement inside sees what was committed before it: what is locked is read by the statement after the lock.

-- Locks the stock of orders' lines.
CREATE FUNCTION inventory_lock(orders uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM inventory i
    WHERE i.variant_id IN (SELECT l.variant_id FROM reservation_lines l WHERE l.order_id = ANY (orders))
    ORDER BY i.variant_id
    FOR NO KEY UPDATE OF i;
END
$$;

-- Locks the stock of orders' lines, and adds their pieces to it, times a factor for each column.
CREATE FUNCTION inventory_move(orders uuid[], on_hand_factor integer, reserved_factor integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM inventory_lock(orders);
    UPDATE inventory i
    SET on_hand = i.on_hand + on_hand_factor * moved.quantity,
        reserved = i.reserved + reserved_factor * moved.quantity
    FROM (
        SELECT l.variant_id, sum(l.quantity)::integer AS quantity
        FROM reservation_lines l WHERE l.order_id = ANY (orders) GROUP BY l.variant_id
    ) moved
    WHERE i.variant_id = moved.variant_id;
END
$$;

-- Locks the stock of an order's lines, and finds those that there is too little for.
CREATE FUNCTION inventory_short(wanted_order uuid)
RETURNS TABLE ("position" integer, variant_id uuid, available integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM inventory_lock(ARRAY[wanted_order]);
    RETURN QUERY
        SELECT l.position, l.variant_id, coalesce(i.on_hand - i.reserved, 0)
        FROM reservation_lines l LEFT JOIN inventory i ON i.variant_id = l.variant_id
        WHERE l.order_id = wanted_order AND l.quantity > coalesce(i.on_hand - i.reserved, 0)
        ORDER BY l.position;
END
$$;

-- Holds all pieces for an order until a time, or none of them. The outcome is HELD or CONFIRMED with a row for each
-- line; NOT_FOUND (not on sale) or INSUFFICIENT_STOCK with a row for each line that it is about; or CLOSED, or
-- OTHER_LINES, with one row.
CREATE FUNCTION inventory_reserve(wanted_order uuid, hold_seconds integer, variant_ids uuid[], quantities integer[])
RETURNS TABLE (
    outcome text, "position" integer, variant_id uuid, available integer, expires_at timestamptz,
    quantity integer, sku text, title text, unit_price_minor bigint, currency "CurrencyCode"
)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    due CONSTANT timestamptz := now() + make_interval(secs => hold_seconds);
    header reservations;
    line_count integer;
BEGIN
    -- The row is the lock of the order. One that a failed reservation took away again is made anew.
    LOOP
        INSERT INTO reservations (order_id, status, expires_at) VALUES (wanted_order, 'HELD', due)
            ON CONFLICT (order_id) DO NOTHING;
        EXIT WHEN FOUND;
        SELECT r.* INTO header FROM reservations r WHERE r.order_id = wanted_order FOR UPDATE;
        EXIT WHEN FOUND;
    END LOOP;

    IF header.order_id IS NULL THEN
        -- The limit keeps it at two index lookups for each line.
        INSERT INTO reservation_lines
            (order_id, variant_id, position, quantity, sku, title, unit_price_minor, currency)
        SELECT wanted_order, wanted.id, wanted.n - 1, wanted.quantity, offer.sku, offer.title, offer.price_minor,
            offer.currency
        FROM unnest(variant_ids, quantities) WITH ORDINALITY AS wanted(id, quantity, n) CROSS JOIN LATERAL (
            SELECT v.sku, offer_title(p.title, v.title) AS title, v.price_minor, p.currency
            FROM product_variants v JOIN products p ON p.id = v.product_id
            WHERE v.id = wanted.id AND p.status = 'ACTIVE' LIMIT 1
        ) offer;
        GET DIAGNOSTICS line_count = ROW_COUNT;
        IF line_count < cardinality(variant_ids) THEN
            RETURN QUERY
                SELECT 'NOT_FOUND', (wanted.n - 1)::integer, wanted.id, NULL::integer, NULL::timestamptz,
                    NULL::integer, NULL, NULL, NULL::bigint, NULL::"CurrencyCode"
                FROM unnest(variant_ids) WITH ORDINALITY AS wanted(id, n)
                WHERE wanted.id NOT IN (SELECT l.variant_id FROM reservation_lines l WHERE l.order_id = wanted_order)
                ORDER BY wanted.n;
            DELETE FROM reservation_lines l WHERE l.order_id = wanted_order;
            DELETE FROM reservations r WHERE r.order_id = wanted_order;
            RETURN;
        END IF;
    ELSIF header.status = 'RELEASED' THEN
        outcome := 'CLOSED';
        RETURN NEXT;
        RETURN;
    ELSIF (
        SELECT count(*) <> cardinality(variant_ids) OR count(wanted.id) <> count(*)
        FROM reservation_lines l
        LEFT JOIN unnest(variant_ids, quantities) AS wanted(id, quantity)
            ON wanted.id = l.variant_id AND wanted.quantity = l.quantity
        WHERE l.order_id = wanted_order
    ) THEN
        outcome := 'OTHER_LINES';
        RETURN NEXT;
        RETURN;
    END IF;

    IF header.order_id IS NULL OR header.status = 'EXPIRED' THEN
        RETURN QUERY
            SELECT 'INSUFFICIENT_STOCK', s.position, s.variant_id, s.available, NULL::timestamptz,
                NULL::integer, NULL, NULL, NULL::bigint, NULL::"CurrencyCode"
            FROM inventory_short(wanted_order) s;
        IF FOUND THEN
            IF header.order_id IS NULL THEN
                DELETE FROM reservation_lines l WHERE l.order_id = wanted_order;
                DELETE FROM reservations r WHERE r.order_id = wanted_order;
            END IF;
            RETURN;
        END IF;
        PERFORM inventory_move(ARRAY[wanted_order], 0, 1);
    END IF;
    -- One that is overdue and was not found by the expiry yet still holds its pieces.
    IF header.status = 'EXPIRED' OR header.status = 'HELD' AND header.expires_at <= now() THEN
        UPDATE reservations r SET status = 'HELD', expires_at = due, updated_at = now()
        WHERE r.order_id = wanted_order;
    END IF;

    RETURN QUERY
        SELECT r.status::text, l.position, l.variant_id, NULL::integer, r.expires_at,
            l.quantity, l.sku, l.title, l.unit_price_minor, l.currency
        FROM reservations r JOIN reservation_lines l ON l.order_id = r.order_id
        WHERE r.order_id = wanted_order
        ORDER BY l.position;
END
$$;

-- Takes an order's pieces out of stock for good. The outcome is CONFIRMED, NOT_FOUND or CLOSED; or INSUFFICIENT_STOCK
-- with a row for each line of an expired reservation that there is too little for now.
CREATE FUNCTION inventory_confirm(wanted_order uuid)
RETURNS TABLE (outcome text, variant_id uuid, available integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    header reservations;
BEGIN
    SELECT r.* INTO header FROM reservations r WHERE r.order_id = wanted_order FOR UPDATE;
    IF NOT FOUND OR header.status = 'RELEASED' THEN
        outcome := CASE WHEN FOUND THEN 'CLOSED' ELSE 'NOT_FOUND' END;
        RETURN NEXT;
        RETURN;
    END IF;
    IF header.status = 'EXPIRED' THEN
        RETURN QUERY SELECT 'INSUFFICIENT_STOCK', s.variant_id, s.available FROM inventory_short(wanted_order) s;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;
    IF header.status <> 'CONFIRMED' THEN
        PERFORM inventory_move(ARRAY[wanted_order], -1, CASE header.status WHEN 'HELD' THEN -1 ELSE 0 END);
        UPDATE reservations r SET status = 'CONFIRMED', expires_at = NULL, updated_at = now()
        WHERE r.order_id = wanted_order;
    END IF;
    outcome := 'CONFIRMED';
    RETURN NEXT;
END
$$;

-- Closes an order's reservation, whether there is one or not, and puts back what it holds or has taken.
CREATE FUNCTION inventory_release(wanted_order uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    header reservations;
BEGIN
    LOOP
        INSERT INTO reservations (order_id, status) VALUES (wanted_order, 'RELEASED')
            ON CONFLICT (order_id) DO NOTHING;
        IF FOUND THEN
            RETURN;
        END IF;
        SELECT r.* INTO header FROM reservations r WHERE r.order_id = wanted_order FOR UPDATE;
        EXIT WHEN FOUND;
    END LOOP;
    IF header.status = 'RELEASED' THEN
        RETURN;
    ELSIF header.status = 'HELD' THEN
        PERFORM inventory_move(ARRAY[wanted_order], 0, -1);
    ELSIF header.status = 'CONFIRMED' THEN
        PERFORM inventory_move(ARRAY[wanted_order], 1, 0);
    END IF;
    UPDATE reservations r SET status = 'RELEASED', expires_at = NULL, updated_at = now()
    WHERE r.order_id = wanted_order;
END
$$;

-- Gives back what is held past its time, for at most so many orders, the longest overdue first. Those that somebody works
-- on are left for the next time, so that several may do this at once.
CREATE FUNCTION inventory_expire(at_most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    due uuid[];
BEGIN
    due := ARRAY(
        SELECT r.order_id FROM reservations r
        WHERE r.status = 'HELD' AND r.expires_at <= now()
        ORDER BY r.expires_at LIMIT at_most
        FOR UPDATE SKIP LOCKED
    );
    PERFORM inventory_move(due, 0, -1);
    UPDATE reservations r SET status = 'EXPIRED', updated_at = now() WHERE r.order_id = ANY (due);
    RETURN cardinality(due);
END
$$;

-- Counts pieces of a variant in or out, once for each key of an actor. The outcome is ADJUSTED, REPEATED (done before, by
-- the same request), KEY_REUSED, NOT_FOUND, INSUFFICIENT_STOCK or TOO_MANY; after a refusal the caller rolls back.
CREATE FUNCTION inventory_adjust(
    wanted_variant uuid, change integer, why text, actor uuid, key text, hash bytea,
    OUT outcome text, OUT on_hand_after integer, OUT available integer
)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    stock inventory;
    earlier inventory_adjustments;
BEGIN
    INSERT INTO inventory (variant_id) SELECT v.id FROM product_variants v WHERE v.id = wanted_variant
        ON CONFLICT (variant_id) DO NOTHING;
    SELECT i.* INTO stock FROM inventory i WHERE i.variant_id = wanted_variant FOR NO KEY UPDATE;
    -- After the lock: of requests with one key that come at once, those that waited find the first one's.
    SELECT a.* INTO earlier FROM inventory_adjustments a WHERE a.actor_id = actor AND a.idempotency_key = key;
    IF earlier.id IS NULL THEN
        IF stock.variant_id IS NULL THEN
            outcome := 'NOT_FOUND';
        ELSIF stock.on_hand::bigint + change < stock.reserved THEN
            outcome := 'INSUFFICIENT_STOCK';
            available := stock.on_hand - stock.reserved;
        ELSIF stock.on_hand::bigint + change > 2147483647 THEN
            outcome := 'TOO_MANY';
        ELSE
            INSERT INTO inventory_adjustments
                (variant_id, delta, reason, actor_id, idempotency_key, request_hash, on_hand_after)
            VALUES (wanted_variant, change, why, actor, key, hash, stock.on_hand + change)
            ON CONFLICT (actor_id, idempotency_key) DO NOTHING;
            IF FOUND THEN
                UPDATE inventory i SET on_hand = i.on_hand + change WHERE i.variant_id = wanted_variant
                RETURNING i.on_hand INTO on_hand_after;
                outcome := 'ADJUSTED';
            ELSE
                -- One for another variant, which this one's lock did not wait for, was first.
                outcome := 'KEY_REUSED';
            END IF;
        END IF;
    ELSIF earlier.request_hash = hash THEN
        outcome := 'REPEATED';
        on_hand_after := earlier.on_hand_after;
    ELSE
        outcome := 'KEY_REUSED';
    END IF;
END
$$;
