-- CreateEnum
CREATE TYPE "PlacementStatus" AS ENUM ('STARTED', 'PLACED', 'ABORTED');

-- AlterTable
ALTER TABLE "carts" ADD COLUMN     "token_hash" BYTEA,
ALTER COLUMN "user_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "cart_merges" (
    "token_hash" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "merged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cart_merges_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "placements" (
    "user_id" UUID NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "order_id" UUID NOT NULL,
    "status" "PlacementStatus" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "placements_pkey" PRIMARY KEY ("user_id","idempotency_key")
);

-- CreateIndex
CREATE INDEX "cart_merges_merged_at_idx" ON "cart_merges"("merged_at");

-- CreateIndex
CREATE INDEX "cart_merges_user_id_idx" ON "cart_merges"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "placements_order_id_key" ON "placements"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "carts_token_hash_key" ON "carts"("token_hash");

-- What may never be, whatever the code does
ALTER TABLE "carts" ADD CONSTRAINT "carts_of_user_or_token" CHECK (("user_id" IS NULL) <> ("token_hash" IS NULL));
ALTER TABLE "cart_lines" ADD CONSTRAINT "cart_lines_quantity" CHECK ("quantity" BETWEEN 1 AND 999);
ALTER TABLE "placements" ADD CONSTRAINT "placements_key_length" CHECK (length("idempotency_key") BETWEEN 8 AND 100);

-- For what is swept away by and by: carts that nobody came back to, and orders whose process died
CREATE INDEX "carts_left_behind_idx" ON "carts"("updated_at") WHERE "user_id" IS NULL;
CREATE INDEX "placements_started_idx" ON "placements"("started_at") WHERE "status" = 'STARTED';

-- The functions below change carts, and are one statement each for whoever calls them. All lock in one order, so that
-- they never wait for each other in a circle: a cart without an owner, then a user's, then lines. They are meant for READ
-- COMMITTED, where every statement inside sees what was committed before it: what is locked is read by the statement
-- after the lock.

-- The next value of a cart's updated_at, which is later than the one before, however fast changes follow each other.
CREATE FUNCTION cart_time_after(before timestamptz) RETURNS timestamptz
LANGUAGE sql VOLATILE
RETURN GREATEST(date_trunc('milliseconds', clock_timestamp()), before + interval '1 millisecond');

-- Puts pieces of a variant into the cart of a user or of a token's hash, which is made where that is allowed. The outcome is
-- ADDED, with the cart; NO_CART; TOO_MANY_PIECES, TOO_MANY_LINES or SHORT, where less is available than the line would have.
CREATE FUNCTION cart_line_add(
    of_user uuid, of_token bytea, may_make boolean, new_cart uuid, new_line uuid, wanted_variant uuid, pieces integer,
    available integer
) RETURNS TABLE (outcome text, cart_id uuid, changed_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    held integer;
    other_lines integer;
BEGIN
    LOOP
        SELECT c.id INTO cart_id FROM carts c WHERE c.user_id = of_user OR c.token_hash = of_token FOR UPDATE;
        IF cart_id IS NULL AND NOT may_make THEN
            outcome := 'NO_CART';
            RETURN NEXT;
            RETURN;
        END IF;
        SELECT coalesce(max(l.quantity) FILTER (WHERE l.variant_id = wanted_variant), 0),
            count(*) FILTER (WHERE l.variant_id <> wanted_variant)
        INTO held, other_lines FROM cart_lines l WHERE l.cart_id = cart_line_add.cart_id;
        outcome := CASE
            WHEN held + pieces > 999 THEN 'TOO_MANY_PIECES'
            WHEN other_lines >= 100 THEN 'TOO_MANY_LINES'
            WHEN held + pieces > available THEN 'SHORT'
        END;
        IF outcome IS NOT NULL THEN
            RETURN NEXT;
            RETURN;
        END IF;
        EXIT WHEN cart_id IS NOT NULL;
        -- Where somebody else makes it at the same time, theirs is the one to be found.
        INSERT INTO carts (id, user_id, token_hash, created_at, updated_at)
        VALUES (new_cart, of_user, of_token, cart_time_after(NULL), cart_time_after(NULL))
        ON CONFLICT DO NOTHING;
    END LOOP;
    INSERT INTO cart_lines AS l (id, cart_id, variant_id, quantity, created_at)
    VALUES (new_line, cart_line_add.cart_id, wanted_variant, pieces, cart_time_after(NULL))
    ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = l.quantity + EXCLUDED.quantity;
    UPDATE carts c SET updated_at = cart_time_after(c.updated_at) WHERE c.id = cart_line_add.cart_id
    RETURNING c.updated_at INTO changed_at;
    outcome := 'ADDED';
    RETURN NEXT;
END
$$;

-- Puts what the cart of a token's hash holds into a user's, and ends it. Of a variant that both have the pieces are added
-- up, to 999; past 100 lines, what was put in last is left out. The outcome is MERGED, also when it was before, or NO_CART.
CREATE FUNCTION cart_merge(of_user uuid, of_token bytea, new_cart uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    theirs uuid;
    mine uuid;
BEGIN
    SELECT c.id INTO theirs FROM carts c WHERE c.token_hash = of_token FOR UPDATE;
    IF theirs IS NULL THEN
        RETURN CASE WHEN EXISTS (
            SELECT FROM cart_merges m WHERE m.token_hash = of_token AND m.user_id = of_user
        ) THEN 'MERGED' ELSE 'NO_CART' END;
    END IF;
    LOOP
        SELECT c.id INTO mine FROM carts c WHERE c.user_id = of_user FOR UPDATE;
        EXIT WHEN mine IS NOT NULL;
        INSERT INTO carts (id, user_id, created_at, updated_at)
        VALUES (new_cart, of_user, cart_time_after(NULL), cart_time_after(NULL))
        ON CONFLICT DO NOTHING;
    END LOOP;
    UPDATE cart_lines l SET quantity = LEAST(999, l.quantity + other.quantity)
    FROM cart_lines other
    WHERE l.cart_id = mine AND other.cart_id = theirs AND other.variant_id = l.variant_id;
    UPDATE cart_lines l SET cart_id = mine
    WHERE l.id IN (
        SELECT other.id FROM cart_lines other
        WHERE other.cart_id = theirs
            AND NOT EXISTS (SELECT FROM cart_lines m WHERE m.cart_id = mine AND m.variant_id = other.variant_id)
        ORDER BY other.created_at, other.id
        LIMIT 100 - (SELECT count(*) FROM cart_lines m WHERE m.cart_id = mine)
    );
    UPDATE carts c SET updated_at = cart_time_after(c.updated_at) WHERE c.id = mine;
    INSERT INTO cart_merges (token_hash, user_id) VALUES (of_token, of_user);
    DELETE FROM carts c WHERE c.id = theirs;
    RETURN 'MERGED';
END
$$;
