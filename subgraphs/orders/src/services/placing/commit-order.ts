import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Order, PrismaClient } from '@tributary/prisma/orders/client';
import { type AuditTrail, type Evictions, uuidV7 } from '@tributary/subgraph-kit';
import type { ReservedLine } from '../inventory.ts';
import { ORDER_COLUMNS } from '../order.rows.ts';
import { orderPlaced } from '../order-placed.ts';
import type { CartContents } from './cart-contents.ts';
import type { Checkpoint } from './checkpoint.ts';
import { newOrderNumber } from './new-order-number.ts';
import type { ShippingAddress } from './shipping-address.ts';
import type { Total } from './total-of.ts';

/** An order that is to be. */
export interface OrderDraft {
  /** The order's uuid. */
  id: string;
  userId: string;
  cart: CartContents;
  address: ShippingAddress;
  lines: readonly ReservedLine[];
  total: Total;
}

/** What came of it. */
export type CommitOutcome =
  | { outcome: 'PLACED'; order: Order }
  /** Another process placed it, or gave it up. */
  | { outcome: 'LOST' }
  /** The cart is no longer what was reserved. */
  | { outcome: 'CART_CHANGED' };

export interface CommitOptions {
  prisma: PrismaClient;
  audit: AuditTrail;
  evictions: Evictions;
  checkpoint: Checkpoint;
}

/** Thrown through the transaction, which has to be rolled back. */
class NotCommitted extends Error {
  readonly reason: 'LOST' | 'CART_CHANGED' | 'NUMBER_TAKEN';
  constructor(reason: NotCommitted['reason']) {
    super(reason);
    this.reason = reason;
  }
}

const TRIES = 5; // at a number that no other order has
/** Milliseconds; many orders may wait for a connection. */
const TRANSACTION = { maxWait: 10_000, timeout: 10_000 };

/** Makes a draft an order and removes its cart, in one transaction with all that goes with it; once, whoever tries. */
export async function commitOrder(options: CommitOptions, draft: OrderDraft): Promise<CommitOutcome> {
  for (let tries = 1; ; tries++) {
    try {
      return { outcome: 'PLACED', order: await commit(options, draft, newOrderNumber()) };
    } catch (error) {
      if (!(error instanceof NotCommitted)) throw error;
      const { reason } = error;
      if (reason !== 'NUMBER_TAKEN') return { outcome: reason };
      if (tries === TRIES) throw new Error('no free order number was found', { cause: error });
    }
  }
}

const commit = (
  { prisma, audit, evictions, checkpoint }: CommitOptions,
  draft: OrderDraft,
  number: string,
): Promise<Order> =>
  prisma.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<WrittenRow[]>(writeOrder(draft, number));
    if (!row?.isPlaced) throw new NotCommitted('LOST');
    if (!row.isBought) throw new NotCommitted('CART_CHANGED');
    const { isPlaced, isBought, ...order } = row;
    if (order.id === null) throw new NotCommitted('NUMBER_TAKEN');
    await orderPlaced(tx, order, draft.cart.id, { audit, evictions });
    await checkpoint('written');
    return order;
  }, TRANSACTION);

/** The order, with all null when its number was taken. */
type WrittenRow = { isPlaced: boolean; isBought: boolean } & (Order | { [Column in keyof Order]: null });

/**
 * One statement: each part happens where the part before it did. The cart's time tells whether it is as it was read; it
 * is compared when nobody else changes the cart any more. The placement comes first, so that those who try the same
 * wait for each other there.
 */
const writeOrder = ({ id, userId, cart, address, lines, total }: OrderDraft, number: string) => sql`
  WITH placement AS (
    UPDATE placements SET status = 'PLACED' WHERE order_id = ${id}::uuid AND status = 'STARTED' RETURNING order_id
  ), bought AS (
    DELETE FROM carts c USING placement
    WHERE c.id = ${cart.id}::uuid AND c.updated_at = ${cart.updatedAt.toISOString()}::timestamptz
    RETURNING c.id
  ), numbered AS (
    INSERT INTO order_numbers (number, order_id) SELECT ${number}, placement.order_id FROM placement, bought
    ON CONFLICT (number) DO NOTHING
    RETURNING number, order_id
  ), o AS (
    INSERT INTO orders (
      id, number, user_id, status, currency, total_minor, ship_to_recipient, ship_to_line1, ship_to_line2,
      ship_to_city, ship_to_region, ship_to_postal_code, ship_to_country_code, placed_at, updated_at
    )
    SELECT numbered.order_id, numbered.number, ${userId}::uuid, 'PENDING_PAYMENT', ${total.currency}::"CurrencyCode",
      ${total.minorUnits}::bigint, ${address.recipient}, ${address.line1}, ${address.line2}::text, ${address.city},
      ${address.region}::text, ${address.postalCode}, ${address.countryCode}, now(), now()
    FROM numbered
    RETURNING *
  ), written AS (
    INSERT INTO order_lines (id, order_id, position, variant_id, sku, title, quantity, unit_price_minor)
    SELECT line.id, o.id, line.n - 1, line.variant_id, line.sku, line.title, line.quantity, line.unit_price_minor
    FROM o, unnest(
      ${lines.map(uuidV7)}::uuid[], ${lines.map(({ variantId }) => variantId)}::uuid[],
      ${lines.map(({ sku }) => sku)}::text[], ${lines.map(({ title }) => title)}::text[],
      ${lines.map(({ quantity }) => quantity)}::integer[],
      ${lines.map(({ unitPriceMinor }) => unitPriceMinor)}::bigint[]
    ) WITH ORDINALITY AS line(id, variant_id, sku, title, quantity, unit_price_minor, n)
  )
  SELECT EXISTS (SELECT FROM placement) AS "isPlaced", EXISTS (SELECT FROM bought) AS "isBought", ${ORDER_COLUMNS}
  FROM (VALUES (1)) AS always(row) LEFT JOIN o ON true`;
