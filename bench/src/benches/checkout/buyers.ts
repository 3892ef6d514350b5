import { randomUUID } from 'node:crypto';
import { withClient } from '@tributary/database';
import { uuidV7 } from '@tributary/subgraph-kit';
import type { Offer } from './catalogue.ts';
import type { Databases } from './side.ts';

/** A line of a cart. */
export interface CartLine extends Offer {
  /** Pieces. */
  quantity: number;
}

/** Somebody with an address and a full cart, who orders once. Ids are uuids. */
export interface Buyer {
  userId: string;
  addressId: string;
  cartId: string;
  idempotencyKey: string;
  cart: readonly CartLine[];
  /** What the cart costs, in the currency's smallest unit. */
  total: number;
}

/** Makes up a buyer. */
export const createBuyer = (cart: readonly CartLine[]): Buyer => ({
  userId: uuidV7(),
  addressId: uuidV7(),
  cartId: uuidV7(),
  idempotencyKey: randomUUID(),
  cart,
  total: cart.reduce((sum, { priceMinor, quantity }) => sum + priceMinor * quantity, 0),
});

const BATCH = 1_000; // buyers in one statement

/** Writes buyers with their addresses and carts, in bulk. */
export async function writeBuyers(databases: Databases, buyers: readonly Buyer[]): Promise<void> {
  for (let start = 0; start < buyers.length; start += BATCH) {
    const batch = buyers.slice(start, start + BATCH);
    await write(databases.users, [USERS, ADDRESSES], batch);
    await write(databases.orders, [CARTS, LINES], batch);
  }
}

/** Tells the planner how much there is now; it cannot wait for autovacuum. */
export async function refreshStatistics({ users, orders }: Databases): Promise<void> {
  await withClient(users, (client) => client.query('VACUUM (ANALYZE) users, addresses'));
  await withClient(orders, (client) => client.query('VACUUM (ANALYZE) carts, cart_lines'));
}

const write = (url: string, statements: readonly string[], buyers: readonly Buyer[]): Promise<void> =>
  withClient(url, async (client) => {
    for (const statement of statements) await client.query(statement, [JSON.stringify(buyers)]);
  });

const USERS = `
  INSERT INTO users (id, email, display_name, updated_at)
  SELECT (b->>'userId')::uuid, (b->>'userId') || '@example.com', 'Buyer', now() FROM jsonb_array_elements($1) b`;

const ADDRESSES = `
  INSERT INTO addresses (id, user_id, kind, recipient, line1, city, postal_code, country_code, is_default)
  SELECT (b->>'addressId')::uuid, (b->>'userId')::uuid, 'SHIPPING', 'Buyer', '1 Main Street', 'Springfield', '12345',
    'US', true
  FROM jsonb_array_elements($1) b`;

const CARTS = `
  INSERT INTO carts (id, user_id, updated_at)
  SELECT (b->>'cartId')::uuid, (b->>'userId')::uuid, now() FROM jsonb_array_elements($1) b`;

const LINES = `
  INSERT INTO cart_lines (id, cart_id, variant_id, quantity)
  SELECT gen_random_uuid(), (b->>'cartId')::uuid, (l->>'variantId')::uuid, (l->>'quantity')::int
  FROM jsonb_array_elements($1) b, jsonb_array_elements(b->'cart') l`;
