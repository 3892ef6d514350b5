-- AlterTable
ALTER TABLE "inventory" ADD COLUMN     "version" BIGINT NOT NULL DEFAULT 0;

-- Numbers the states of a variant's stock, and tells of each by a job in the transaction of the change. Triggers do it, so
-- that no way of changing stock can forget it.

-- The time in microseconds, or later: a number that rises with each change, and does not tell how many there were.
CREATE FUNCTION inventory_number() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := GREATEST(
        CASE TG_OP WHEN 'UPDATE' THEN OLD.version + 1 ELSE 1 END,
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
    );
    RETURN NEW;
END
$$;

CREATE TRIGGER inventory_number_inserted BEFORE INSERT ON inventory
    FOR EACH ROW EXECUTE FUNCTION inventory_number();
CREATE TRIGGER inventory_number_updated BEFORE UPDATE ON inventory
    FOR EACH ROW WHEN (NEW.on_hand - NEW.reserved <> OLD.on_hand - OLD.reserved)
    EXECUTE FUNCTION inventory_number();

-- Adds the job that tells of variants, a thousand in each.
CREATE FUNCTION inventory_tell(changed uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    FOR start IN 1 .. coalesce(cardinality(changed), 0) BY 1000 LOOP
        PERFORM graphile_worker.add_job(
            'event.publish',
            json_build_object('variantIds', changed[start : start + 999])
        );
    END LOOP;
END
$$;

-- A variant that was never counted had none.
CREATE FUNCTION inventory_tell_inserted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM inventory_tell(ARRAY(SELECT n.variant_id FROM new_stock n WHERE n.on_hand <> n.reserved));
    RETURN NULL;
END
$$;

CREATE FUNCTION inventory_tell_updated() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM inventory_tell(ARRAY(
        SELECT n.variant_id FROM new_stock n JOIN old_stock o ON o.variant_id = n.variant_id
        WHERE n.version <> o.version
    ));
    RETURN NULL;
END
$$;

CREATE TRIGGER inventory_tell_inserted AFTER INSERT ON inventory
    REFERENCING NEW TABLE AS new_stock
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_tell_inserted();
CREATE TRIGGER inventory_tell_updated AFTER UPDATE ON inventory
    REFERENCING OLD TABLE AS old_stock NEW TABLE AS new_stock
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_tell_updated();
