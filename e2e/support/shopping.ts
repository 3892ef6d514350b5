import { randomUUID } from 'node:crypto';
import { withClient } from '@tributary/database';
import { toGlobalId } from '@tributary/subgraph-kit';
import type { AnswerError } from '@tributary/testing';
import type { Buyer } from './buyers.ts';
import type { Graph } from './start-graph.ts';

/** Something to buy, of which there is plenty. */
export interface Article {
  /** Uuid. */
  id: string;
  globalId: string;
  /** Title of its product. */
  title: string;
  /** Minor units of US dollars. */
  price: number;
  /** Pieces in the warehouse. */
  onHand: number;
}

const PLENTY = 1_000; // pieces

/**
 * Finds articles on sale that nobody has reserved yet, each of another product, and fills the warehouse with them.
 *
 * @param pieces - of each
 */
export async function stockUp(
  graph: Pick<Graph, 'databases'>,
  count: number,
  pieces = PLENTY,
): Promise<Article[]> {
  const articles = await withClient(graph.databases.products.url, async (client) => {
    const { rows } = await client.query<Omit<Article, 'globalId' | 'onHand'>>(
      `SELECT DISTINCT ON (p.id) v.id, p.title, v.price_minor::int AS price
       FROM product_variants v JOIN products p ON p.id = v.product_id JOIN inventory i ON i.variant_id = v.id
       WHERE p.status = 'ACTIVE' AND NOT EXISTS (SELECT FROM reservation_lines l WHERE l.variant_id = v.id)
       ORDER BY p.id, v.id LIMIT $1`,
      [count],
    );
    await client.query('UPDATE inventory SET on_hand = $2, reserved = 0 WHERE variant_id = ANY ($1)', [
      rows.map(({ id }) => id),
      pieces,
    ]);
    return rows;
  });
  return articles.map((article) => ({
    ...article,
    globalId: toGlobalId('ProductVariant', article.id),
    onHand: pieces,
  }));
}

/** Where mutations go. */
type Asks = Pick<Graph, 'ask' | 'authorizationOf'>;

/** How often a buyer asks who is told to try again: on a busy machine a service may not answer another in time. */
const TRIES = 10;

/** Whether to ask again with the same key: also where it is not known what became of the order. */
const isTemporary = ({ extensions }: AnswerError): boolean =>
  extensions?.retryable === true || extensions?.code === 'SUBGRAPH_TIMEOUT';

/** Places an order of what is in a buyer's cart. @returns its global id @throws when it was not placed */
export async function place(graph: Asks, { userId, addressId }: Buyer, minorUnits: number): Promise<string> {
  const input = {
    idempotencyKey: randomUUID(),
    shippingAddressId: addressId,
    expectedTotal: { minorUnits, currency: 'USD' },
  };
  for (let tries = TRIES; ; tries -= 1) {
    const { data, errors } = await graph.ask<{ orderPlace: { order: { id: string } | null } | null }>(
      `mutation ($input: OrderPlaceInput!) {
        orderPlace(input: $input) { order { id } userErrors { __typename } }
      }`,
      { variables: { input }, headers: await graph.authorizationOf(userId) },
    );
    const id = data.orderPlace?.order?.id;
    if (id !== undefined) return id;
    if (tries === 1 || !errors?.every(isTemporary))
      throw new Error(`not placed: ${JSON.stringify({ data, errors })}`);
  }
}

/** Has staff take an order one step further. @throws when it did not take it */
export async function advance(graph: Asks, id: string, to: string): Promise<void> {
  const { data, errors } = await graph.ask<{ orderTransition: { order: object | null } | null }>(
    `mutation ($input: OrderTransitionInput!) {
      orderTransition(input: $input) { order { id } userErrors { __typename } }
    }`,
    { variables: { input: { id, to, reason: 'as a test' } }, viewer: 'staff' },
  );
  if (!data.orderTransition?.order) throw new Error(`no step: ${JSON.stringify({ data, errors })}`);
}

/** Has staff add or take pieces. @throws when it could not */
export async function adjustStock(graph: Asks, { globalId }: Article, delta: number): Promise<void> {
  const input = { variantId: globalId, delta, reason: 'counted', idempotencyKey: randomUUID() };
  const { data, errors } = await graph.ask<{ inventoryAdjust: { userErrors: object[] } | null }>(
    'mutation ($input: InventoryAdjustInput!) { inventoryAdjust(input: $input) { userErrors { __typename } } }',
    { variables: { input }, viewer: 'staff' },
  );
  if (data.inventoryAdjust?.userErrors.length !== 0)
    throw new Error(`not adjusted: ${JSON.stringify({ data, errors })}`);
}
