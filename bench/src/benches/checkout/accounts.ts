import { withClient } from '@tributary/database';
import type { Buyer, CartLine } from './buyers.ts';
import { STOCK } from './catalogue.ts';
import type { CheckoutSide } from './side.ts';

/**
 * Holds that a side has done what it answered: one order for each buyer that was told so, with their lines, its first
 * step, its payment and its audit entry, and none for anybody else; and that what they bought is no longer in stock.
 *
 * @param buyers - all that there are
 * @param served - those that were answered
 * @throws Error naming the first thing that is not so
 */
export async function assertAccounts(
  side: CheckoutSide,
  buyers: readonly Buyer[],
  served: readonly Buyer[],
): Promise<void> {
  const orders = await ordersOf(side, buyers);
  compare(`${side.name}, orders`, orders, served.map(orderText));
  const moved = await movedStock(side);
  const sold = soldBy(served);
  compare(
    `${side.name}, stock`,
    moved,
    [...sold].map(([variantId, pieces]) => stockText({ variantId, pieces, reserved: 0 })),
  );
}

interface PlacedOrder {
  userId: string;
  total: number;
  lines: string[];
  /** Steps, payments and audit entries. */
  companions: number[];
}

const ORDERS = `
  SELECT o.user_id AS "userId", o.total_minor::int AS total,
    ARRAY(SELECT l.variant_id || ' × ' || l.quantity FROM order_lines l WHERE l.order_id = o.id) AS lines,
    ARRAY[
      (SELECT count(*) FROM order_events e WHERE e.order_id = o.id),
      (SELECT count(*) FROM payments p WHERE p.order_id = o.id AND p.amount_minor = o.total_minor),
      (SELECT count(*) FROM audit_log a WHERE a.subject_id = o.id AND a.actor_id = o.user_id)
    ]::int[] AS companions
  FROM orders o WHERE o.user_id = ANY ($1)`;

async function ordersOf({ databases }: CheckoutSide, buyers: readonly Buyer[]): Promise<string[]> {
  const ids = buyers.map(({ userId }) => userId);
  const { rows } = await withClient(databases.orders, (client) => client.query<PlacedOrder>(ORDERS, [ids]));
  return rows.map(placedText);
}

const placedText = ({ userId, total, lines, companions }: PlacedOrder): string =>
  `${userId}: ${lines.sort().join(' + ')} = ${total}, with ${companions.join(', ')}`;

const orderText = ({ userId, total, cart }: Buyer): string =>
  placedText({ userId, total, lines: cart.map(lineText), companions: [1, 1, 1] });

const lineText = ({ variantId, quantity }: CartLine): string => `${variantId} × ${quantity}`;

interface MovedStock {
  variantId: string;
  /** That are gone. */
  pieces: number;
  /** That are still held. */
  reserved: number;
}

const MOVED = `
  SELECT variant_id AS "variantId", $1 - on_hand AS pieces, reserved FROM inventory
  WHERE on_hand <> $1 OR reserved <> 0`;

async function movedStock({ databases }: CheckoutSide): Promise<string[]> {
  const { rows } = await withClient(databases.products, (client) => client.query<MovedStock>(MOVED, [STOCK]));
  return rows.map(stockText);
}

const stockText = ({ variantId, pieces, reserved }: MovedStock): string =>
  `${variantId}: ${pieces} gone, ${reserved} held`;

function soldBy(buyers: readonly Buyer[]): Map<string, number> {
  const sold = new Map<string, number>();
  for (const { variantId, quantity } of buyers.flatMap(({ cart }) => cart)) {
    sold.set(variantId, (sold.get(variantId) ?? 0) + quantity);
  }
  return sold;
}

/** @throws Error with what the one has and the other has not */
function compare(what: string, found: readonly string[], expected: readonly string[]): void {
  const [missing, ...moreMissing] = without(expected, found);
  const [extra, ...moreExtra] = without(found, expected);
  if (missing === undefined && extra === undefined && found.length === expected.length) return;
  throw new Error(
    `${what}: ${found.length} instead of ${expected.length}; ` +
      `missing: ${missing ?? 'none'} and ${moreMissing.length} more; ` +
      `not expected: ${extra ?? 'none'} and ${moreExtra.length} more`,
  );
}

function without(these: readonly string[], those: readonly string[]): string[] {
  const known = new Set(those);
  return these.filter((text) => !known.has(text));
}
