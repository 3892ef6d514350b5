import { randomUUID } from 'node:crypto';
import { withClient } from '@tributary/database';
import { toGlobalId } from '@tributary/subgraph-kit';
import type { Graph } from './start-graph.ts';

/** Somebody with an address and a full cart. */
export interface Buyer {
  /** The user's uuid. */
  userId: string;
  /** Global id of the address. */
  addressId: string;
}

/** What is in a buyer's cart. */
export interface Wanted {
  /** Uuid. */
  variantId: string;
  quantity: number;
}

/** Puts users with an address into the graph's databases, each with a cart of their own if there is anything in it. */
export async function addBuyers(
  graph: Pick<Graph, 'databases'>,
  carts: readonly (readonly Wanted[])[],
): Promise<Buyer[]> {
  const buyers = carts.map((lines) => ({
    userId: randomUUID(),
    addressUuid: randomUUID(),
    lines,
  }));
  const users = JSON.stringify(buyers);
  await withClient(graph.databases.users.url, async (client) => {
    await client.query(
      `INSERT INTO users (id, email, display_name, updated_at)
       SELECT (b->>'userId')::uuid, (b->>'userId') || '@example.com', 'Buyer', now() FROM jsonb_array_elements($1) b`,
      [users],
    );
    await client.query(
      `INSERT INTO addresses (id, user_id, kind, recipient, line1, city, postal_code, country_code, is_default)
       SELECT (b->>'addressUuid')::uuid, (b->>'userId')::uuid, 'SHIPPING', 'Buyer', '1 Main Street', 'Springfield',
         '12345', 'US', true FROM jsonb_array_elements($1) b`,
      [users],
    );
  });
  await fillCarts(
    graph,
    buyers.filter(({ lines }) => lines.length > 0),
  );
  return buyers.map(({ userId, addressUuid }) => ({
    userId,
    addressId: toGlobalId('Address', addressUuid),
  }));
}

/** Gives users who have none a cart of their own. */
export async function fillCarts(
  { databases }: Pick<Graph, 'databases'>,
  buyers: readonly { userId: string; lines: readonly Wanted[] }[],
): Promise<void> {
  const carts = JSON.stringify(buyers.map((buyer) => ({ ...buyer, cartId: randomUUID() })));
  await withClient(databases.orders.url, async (client) => {
    await client.query(
      `INSERT INTO carts (id, user_id, updated_at)
       SELECT (b->>'cartId')::uuid, (b->>'userId')::uuid, now() FROM jsonb_array_elements($1) b`,
      [carts],
    );
    await client.query(
      `INSERT INTO cart_lines (id, cart_id, variant_id, quantity)
       SELECT gen_random_uuid(), (b->>'cartId')::uuid, (l->>'variantId')::uuid, (l->>'quantity')::int
       FROM jsonb_array_elements($1) b, jsonb_array_elements(b->'lines') l`,
      [carts],
    );
  });
}
