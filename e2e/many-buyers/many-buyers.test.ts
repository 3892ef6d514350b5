import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { addBuyers, type Buyer, type Wanted } from '../support/buyers.ts';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';

const BUYERS = 300;
const STOCK = 50;

let graph: Graph;
/** Two variants on sale, by uuid, with what one piece costs. */
let scarce: { id: string; price: number }[];
beforeAll(async () => {
  graph = await startGraph({ gateway: { SUBGRAPH_TIMEOUT_MS: '30000' } });
});
afterAll(() => graph.stop());
beforeEach(async () => {
  scarce = await products(
    `SELECT v.id, v.price_minor::int AS price FROM product_variants v JOIN products p ON p.id = v.product_id
     JOIN inventory i ON i.variant_id = v.id
     WHERE p.status = 'ACTIVE' AND NOT EXISTS (SELECT FROM reservation_lines l WHERE l.variant_id = v.id)
     ORDER BY v.id LIMIT 2`,
  );
  await products('UPDATE inventory SET on_hand = $2, reserved = 0 WHERE variant_id = ANY ($1)', [
    ids(),
    STOCK,
  ]);
});

const ids = () => scarce.map(({ id }) => id);
const products = <Row extends object>(statement: string, values: unknown[] = []) =>
  withClient(
    graph.databases.products.url,
    async (client) => (await client.query<Row>(statement, values)).rows as Row[] & typeof scarce,
  );
const orders = <Row extends object>(statement: string, values: unknown[] = []) =>
  withClient(graph.databases.orders.url, async (client) => (await client.query<Row>(statement, values)).rows);
const wanted = (...places: number[]): Wanted[] =>
  places.map((place) => ({ variantId: String(scarce[place]?.id), quantity: 1 }));
const priceOf = (lines: readonly Wanted[]) =>
  lines.reduce((sum, { variantId }) => sum + Number(scarce.find(({ id }) => id === variantId)?.price), 0);

interface Placed {
  order: { id: string; number: string } | null;
  userErrors: { __typename: string }[];
}

/** How often a client asks again when it is told to; on a slow machine 300 at once are more than two seconds of work. */
const TRIES = 10;

/** As the header of the same name says where the gateway has more to do than it can: 300 are more than it takes at once. */
const RETRY_AFTER = 1_000; // 1 second

/** Places an order as a client would: told to try again, it asks again with the same key. */
async function place(
  buyer: Buyer,
  minorUnits: number,
  key = randomUUID() as string,
  tries = TRIES,
): Promise<Placed> {
  const { data, errors } = await graph.ask<{ orderPlace: Placed | null }>(
    `mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id number } userErrors { __typename } } }`,
    {
      headers: await graph.authorizationOf(buyer.userId),
      variables: {
        input: {
          idempotencyKey: key,
          shippingAddressId: buyer.addressId,
          expectedTotal: { minorUnits, currency: 'USD' },
        },
      },
    },
  );
  const isRefused = errors?.some(({ extensions }) => extensions?.code === 'OVERLOADED');
  if (tries > 1 && (isRefused || errors?.every(({ extensions }) => extensions?.retryable === true))) {
    if (isRefused) await sleep(RETRY_AFTER);
    return place(buyer, minorUnits, key, tries - 1);
  }
  expect(errors).toBeUndefined();
  if (!data.orderPlace) throw new Error('no answer');
  return data.orderPlace;
}

/** Sold and not sold pieces of each variant, and whether they add up. */
async function accounts() {
  return products<{ free: number; reserved: number; held: number; sold: number; onHand: number }>(
    `SELECT i.on_hand - i.reserved AS free, i.on_hand AS "onHand", i.reserved,
       coalesce(sum(l.quantity) FILTER (WHERE r.status = 'HELD'), 0)::int AS held,
       coalesce(sum(l.quantity) FILTER (WHERE r.status = 'CONFIRMED'), 0)::int AS sold
     FROM inventory i LEFT JOIN reservation_lines l ON l.variant_id = i.variant_id
     LEFT JOIN reservations r ON r.order_id = l.order_id
     WHERE i.variant_id = ANY ($1) GROUP BY i.variant_id ORDER BY i.variant_id`,
    [ids()],
  );
}

const idle = () =>
  until(async () => {
    const [row] = await orders<{ count: number }>(
      `SELECT count(*)::int FROM graphile_worker.jobs WHERE task_identifier LIKE 'stock.%'`,
    );
    return row?.count === 0;
  });

it(`${BUYERS} buyers, ${STOCK} in stock: ${STOCK} orders, and all others are told`, async () => {
  const buyers = await addBuyers(
    graph,
    Array.from({ length: BUYERS }, () => wanted(0)),
  );
  const placed = await Promise.all(buyers.map((buyer) => place(buyer, priceOf(wanted(0)))));
  expect(placed.filter(({ order }) => order)).toHaveLength(STOCK);
  expect(placed.flatMap(({ userErrors }) => userErrors.map(({ __typename }) => __typename))).toEqual(
    Array(BUYERS - STOCK).fill('InsufficientStockError'),
  );
  expect((await accounts())[0]).toMatchObject({ free: 0 });
  await idle();
  expect((await accounts())[0]).toEqual({ free: 0, onHand: 0, reserved: 0, held: 0, sold: STOCK });
});

it('the same with two lines in any order: each order has both, and nobody waits for each other', async () => {
  const carts = Array.from({ length: BUYERS }, () => (randomInt(2) ? wanted(0, 1) : wanted(1, 0)));
  const buyers = await addBuyers(graph, carts);
  const placed = await Promise.all(buyers.map((buyer) => place(buyer, priceOf(wanted(0, 1)))));
  expect(placed.filter(({ order }) => order)).toHaveLength(STOCK);
  expect(new Set(placed.flatMap(({ userErrors }) => userErrors.map(({ __typename }) => __typename)))).toEqual(
    new Set(['InsufficientStockError']),
  );
  await idle();
  for (const account of await accounts())
    expect(account).toEqual({ free: 0, onHand: 0, reserved: 0, held: 0, sold: STOCK });
});

it('100 at once with one key are one order; the key is of no use for another', async () => {
  const [buyer] = await addBuyers(graph, [wanted(0)]);
  if (!buyer) throw new Error('there is no buyer');
  const key = randomUUID();
  const total = priceOf(wanted(0));
  const placed = await Promise.all(Array.from({ length: 100 }, () => place(buyer, total, key)));
  expect(new Set(placed.map(({ order }) => order?.number)).size).toBe(1);
  expect(placed.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  expect(await orders('SELECT id FROM orders WHERE user_id = $1', [buyer.userId])).toHaveLength(1);
  expect((await place(buyer, total + 1, key)).userErrors).toEqual([
    { __typename: 'IdempotencyKeyReusedError' },
  ]);
  await idle();
  expect((await accounts())[0]).toMatchObject({ free: STOCK - 1, sold: 1 });
});
