import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { readSettings, startTestPayments, type TestPayments } from '@tributary/test-payments';
import { graphql, identityHeaders, TEST_SECRET } from '@tributary/testing';
import { addBuyers, type Buyer, type Wanted } from '../support/buyers.ts';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';
import { keepStarting, type MortalOrders } from './mortal-orders.ts';

const PLACEMENTS = 500;
const AT_ONCE = 40;
const PLENTY = 10_000; // pieces
const SCARCE = 200; // pieces, of which half of all buyers want one
const ODDS = 0.003; // at each of five steps: about seven deaths
const DEADLINE = 200_000; // milliseconds for all buyers to have their answers

let graph: Graph;
let payments: TestPayments;
let mortal: MortalOrders;
let stock: { id: string; price: number }[];

beforeAll(async () => {
  graph = await startGraph();
  await graph.subgraphs.orders.close(); // another one takes its place
  payments = await startTestPayments(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'fatal',
      PORT: '0',
      ADMIN_PORT: '0',
      PAYMENT_SECRET: 'a secret',
      PAYMENT_WEBHOOK_SECRET: 'another secret',
      SETTLE_AFTER_MS: '0',
    }),
    { behaviour: () => ({ outcome: 'succeed' }) },
  );
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    PORT: '0',
    ADMIN_PORT: '0',
    INTERNAL_SECRET: TEST_SECRET,
    ORDERS_DATABASE_URL: graph.databases.orders.url,
    SUBGRAPH_URLS: `users=${graph.subgraphs.users.url},products=${graph.subgraphs.products.url}`,
    PAYMENT_URL: payments.url,
    PAYMENT_SECRET: 'a secret',
    PAYMENT_WEBHOOK_SECRET: 'another secret',
  };
  mortal = keepStarting(env, ODDS, (url) => payments.setWebhookUrl(new URL('/webhooks/payments', url).href));
  stock = await rows(
    'products',
    `SELECT v.id, v.price_minor::int AS price FROM product_variants v JOIN products p ON p.id = v.product_id
     JOIN inventory i ON i.variant_id = v.id WHERE p.status = 'ACTIVE' ORDER BY v.id LIMIT 2`,
  );
  for (const [place, onHand] of [PLENTY, SCARCE].entries()) {
    await rows('products', 'UPDATE inventory SET on_hand = $2, reserved = 0 WHERE variant_id = $1', [
      stock[place]?.id,
      onHand,
    ]);
  }
});
afterAll(async () => {
  await mortal?.stop();
  await payments?.close();
  await graph?.stop();
});

const rows = <Row extends object>(
  database: 'products' | 'orders',
  statement: string,
  values: unknown[] = [],
) =>
  withClient(
    graph.databases[database].url,
    async (client) => (await client.query<Row>(statement, values)).rows,
  );

interface Answer {
  order: { number: string } | null;
  userErrors: { __typename: string }[];
}
const ORDER_PLACE = `mutation ($input: OrderPlaceInput!) {
  orderPlace(input: $input) { order { number } userErrors { __typename } }
}`;

/** Asks until there is an answer, as a client would: with the same key. */
async function place(
  { userId, addressId }: Buyer,
  idempotencyKey: string,
  minorUnits: number,
): Promise<Answer> {
  const deadline = Date.now() + DEADLINE;
  const input = {
    idempotencyKey,
    shippingAddressId: addressId,
    expectedTotal: { minorUnits, currency: 'USD' },
  };
  const headers = await identityHeaders({ userId, role: 'CUSTOMER' });
  for (;;) {
    const url = await mortal.url();
    const answer = await graphql<{ orderPlace: Answer | null }>(url, {
      query: ORDER_PLACE,
      variables: { input },
      headers,
    }).catch(() => null); // it has died
    if (answer?.data?.orderPlace) return answer.data.orderPlace;
    if (Date.now() > deadline) throw new Error('there was no answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs all, so many at once. */
async function inTurns<Value>(runs: readonly (() => Promise<Value>)[]): Promise<Value[]> {
  const results: Value[] = [];
  let next = 0;
  const work = async () => {
    for (let n = next++; n < runs.length; n = next++) results[n] = await (runs[n] as () => Promise<Value>)();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

it(`${PLACEMENTS} placements, while the process dies again and again, are each done once or not at all`, async () => {
  const carts = Array.from({ length: PLACEMENTS }, (_, n): Wanted[] =>
    stock.slice(0, 1 + (n % 2)).map(({ id }) => ({ variantId: id, quantity: 1 })),
  );
  const buyers = await addBuyers(graph, carts);
  const asks = buyers.map((buyer, n) => {
    const key = randomUUID();
    const total = stock.slice(0, 1 + (n % 2)).reduce((sum, { price }) => sum + price, 0);
    return () => place(buyer, key, total);
  });
  const answers = await inTurns(asks);
  expect(mortal.deaths()).toBeGreaterThan(0);
  mortal.spare();

  const numbers = answers.flatMap(({ order }) => order?.number ?? []);
  expect(numbers).toHaveLength(PLACEMENTS / 2 + SCARCE);
  expect(
    new Set(answers.flatMap(({ userErrors }) => userErrors.map(({ __typename }) => __typename))),
  ).toEqual(new Set(['InsufficientStockError']));
  // Whoever asks again gets the same order.
  const again = await inTurns(asks.filter((_ask, n) => answers[n]?.order));
  expect(again.flatMap(({ order }) => order?.number ?? [])).toEqual(numbers);

  await jobsAreDone();
  const [plenty, scarce] = await Promise.all(stock.map(({ id }) => accountOf(id)));
  expect(plenty).toEqual({ onHand: PLENTY - numbers.length, reserved: 0, held: 0, sold: numbers.length });
  expect(scarce).toEqual({ onHand: 0, reserved: 0, held: 0, sold: SCARCE });

  const placed = await rows<{ id: string; number: string; status: string }>(
    'orders',
    `SELECT o.id, o.number, o.status FROM orders o WHERE o.user_id = ANY ($1)
     AND (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id) BETWEEN 1 AND 2
     AND (SELECT count(*) FROM order_events e WHERE e.order_id = o.id AND e.from_status IS NULL) = 1
     AND (SELECT count(*) FROM payments p WHERE p.order_id = o.id) = 1`,
    [buyers.map(({ userId }) => userId)],
  );
  expect(placed.map(({ number }) => number).sort()).toEqual([...numbers].sort());
  expect(new Set(placed.map(({ status }) => status))).toEqual(new Set(['PAID']));
  const [left] = await rows<{ orders: number; started: number; lines: number }>(
    'orders',
    `SELECT (SELECT count(*)::int FROM orders WHERE user_id = ANY ($1)) AS orders,
       (SELECT count(*)::int FROM placements WHERE status = 'STARTED') AS started,
       (SELECT count(*)::int FROM carts WHERE user_id = ANY ($1)) AS carts`,
    [buyers.map(({ userId }) => userId)],
  );
  expect(left).toEqual({ orders: numbers.length, started: 0, carts: PLACEMENTS - numbers.length });
  const references = [...payments.payments.values()].map(({ reference }) => reference);
  expect(references).toHaveLength(numbers.length);
  expect(new Set(references).size).toBe(numbers.length);
}, 300_000);

/** What became of a variant's pieces. */
async function accountOf(variantId: string) {
  const [account] = await rows(
    'products',
    `SELECT i.on_hand AS "onHand", i.reserved,
       coalesce(sum(l.quantity) FILTER (WHERE r.status = 'HELD'), 0)::int AS held,
       coalesce(sum(l.quantity) FILTER (WHERE r.status = 'CONFIRMED'), 0)::int AS sold
     FROM inventory i LEFT JOIN reservation_lines l ON l.variant_id = i.variant_id
     LEFT JOIN reservations r ON r.order_id = l.order_id
     WHERE i.variant_id = $1 GROUP BY i.variant_id`,
    [variantId],
  );
  return account;
}

/** Waits for all jobs. Those that failed meanwhile need not wait for as long as they usually do. */
async function jobsAreDone(): Promise<void> {
  await until(async () => {
    await rows(
      'orders',
      'UPDATE graphile_worker._private_jobs SET run_at = now() WHERE locked_at IS NULL AND attempts > 0',
    );
    const left = await rows<{ task: string }>(
      'orders',
      `SELECT task_identifier AS task FROM graphile_worker.jobs WHERE task_identifier <> 'payment.check'`,
    );
    return left.length === 0;
  }, 60_000);
}
