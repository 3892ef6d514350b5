import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { OrderStatus } from '@tributary/prisma/orders/client';
import { InputError } from '@tributary/subgraph-kit';

/** Which orders to list, as a client says it; what is null or left out restricts nothing. */
export interface OrderFilter {
  status?: readonly OrderStatus[] | null | undefined;
  placedAfter?: Date | null | undefined;
  placedBefore?: Date | null | undefined;
}

/** Which orders to list, checked; all conditions must hold, and null restricts nothing. */
export interface OrderCriteria {
  /** One of these, each named once; no order fits an empty list. */
  statuses: readonly OrderStatus[] | null;
  /** Inclusive; RFC 3339 in UTC. */
  placedAfter: string | null;
  /** Exclusive; RFC 3339 in UTC. */
  placedBefore: string | null;
}

/** PostgreSQL has no year 0, which RFC 3339 can write. */
const EARLIEST = new Date('0001-01-01T00:00:00.000Z');
/** What RFC 3339 can write: west of Greenwich, its last day reaches into the year 10000 in UTC. */
const LATEST = new Date('9999-12-31T23:59:59.999Z');

/**
 * Checks a filter. Equal filters become equal criteria, whatever the order of their statuses.
 *
 * @throws InputError `INVALID_ARGUMENT` when no order could fit, by the times alone
 */
export function orderCriteria(filter: OrderFilter | null | undefined): OrderCriteria {
  const { status, placedAfter, placedBefore } = filter ?? {};
  if (placedAfter && placedBefore && placedAfter >= placedBefore) {
    throw new InputError(
      'INVALID_ARGUMENT',
      'filter.placedBefore',
      'placedBefore must be later than placedAfter.',
    );
  }
  return {
    statuses: status ? [...new Set(status)].sort() : null,
    placedAfter: placedAfter ? timestamp(placedAfter, 'filter.placedAfter') : null,
    placedBefore: placedBefore ? timestamp(placedBefore, 'filter.placedBefore') : null,
  };
}

function timestamp(time: Date, argument: string): string {
  if (time >= EARLIEST && time <= LATEST) return time.toISOString();
  throw new InputError('INVALID_ARGUMENT', argument, 'A time must be in the years 1 to 9999, in UTC.');
}

/**
 * The conditions that orders must meet; the table is `o`. What a time says of ids leaves out partitions, and no order: a
 * constraint of the table holds the two together.
 */
export function conditionsOf({ statuses, placedAfter, placedBefore }: OrderCriteria): Sql[] {
  const where: Sql[] = [];
  if (statuses) where.push(statusIn(statuses));
  if (placedAfter !== null) {
    where.push(sql`o.placed_at >= ${placedAfter}::timestamptz`);
    where.push(sql`order_id_may_be_after(o.id, ${placedAfter}::timestamptz)`);
  }
  if (placedBefore !== null) {
    where.push(sql`o.placed_at < ${placedBefore}::timestamptz`);
    where.push(sql`order_id_may_be_before(o.id, ${placedBefore}::timestamptz)`);
  }
  return where;
}

/** With a single status by equality, so that an index which starts with the status also gives the order. */
function statusIn(statuses: readonly OrderStatus[]): Sql {
  const [status, ...others] = statuses;
  if (status === undefined) return sql`false`;
  if (others.length === 0) return sql`o.status = ${status}::"OrderStatus"`;
  return sql`o.status IN (${join(statuses.map((each) => sql`${each}::"OrderStatus"`))})`;
}
