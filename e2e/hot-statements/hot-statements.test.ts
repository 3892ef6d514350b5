import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import type { Database } from '@tributary/prisma/seed';
import { type Graph, startGraph, type Viewer } from '../support/start-graph.ts';

let graph: Graph;
beforeAll(async () => {
  graph = await startGraph({ scale: 10 });
}, 240_000); // 4 minutes: where others keep the machine busy
afterAll(() => graph.stop());

/** Tables with more rows than a scan of them could be meant; at scale 10 the smallest of them has 20,000. */
const LARGE: Record<Database, string[]> = {
  users: ['users', 'addresses'],
  products: ['products', 'product_variants', 'inventory'],
  // The demo shop's orders are all of the past; the partitions of the months are so small that a scan of one is right.
  orders: ['orders_past', 'order_lines_past', 'order_events_past'],
};

const SORTED = (field: string, arguments_: string) =>
  `{ ${field}(first: 20, ${arguments_}) { edges { cursor } } }`;

/** What the shop's pages ask, and staff's lists. */
const HOT: { name: string; query: string; viewer?: Viewer }[] = [
  {
    name: 'the customer’s last orders with their variants',
    viewer: 'customer',
    query:
      '{ viewer { addresses { edges { node { city } } } orders(first: 10) { totalCount edges { node { lines { variant { product { title category { name } } } } history { edges { node { to } } } } } } cart { subtotal { amount } lines { lineTotal { amount } } } } }',
  },
  {
    name: 'the newest products',
    query:
      '{ products(first: 20) { edges { node { variants(first: 5) { edges { node { price { amount } stockStatus } } } } } } }',
  },
  { name: 'a product page', query: '{ products(first: 1, search: "jacket") { edges { node { title } } } }' },
  { name: 'products by price', query: SORTED('products', 'sort: { field: PRICE }') },
  { name: 'products by title', query: SORTED('products', 'sort: { field: TITLE }') },
  { name: 'the newest orders', viewer: 'staff', query: SORTED('orders', '') },
  {
    name: 'the largest orders',
    viewer: 'staff',
    query: SORTED('orders', 'sort: { field: TOTAL, direction: DESC }'),
  },
  {
    name: 'orders that are to be paid',
    viewer: 'staff',
    query: SORTED('orders', 'filter: { status: [PENDING_PAYMENT] }'),
  },
  {
    name: 'the newest users with their orders',
    viewer: 'staff',
    query: '{ users(first: 20) { edges { node { email orders(first: 3) { edges { node { number } } } } } } }',
  },
  { name: 'users by name', viewer: 'staff', query: SORTED('users', 'sort: { field: DISPLAY_NAME }') },
  {
    name: 'users whose name contains something',
    viewer: 'staff',
    query: SORTED('users', 'filter: { search: "morgan" }'),
  },
];

async function sequentialScans(): Promise<Record<string, number>> {
  const scans: Record<string, number> = {};
  for (const [service, tables] of Object.entries(LARGE) as [Database, string[]][]) {
    await withClient(graph.databases[service].url, async (client) => {
      // The services' connections report what they did at their next statement, or when asked to.
      const { rows } = await client.query(
        'SELECT relname, seq_scan::int AS scans FROM pg_stat_user_tables WHERE relname = ANY($1)',
        [tables],
      );
      for (const row of rows) scans[row.relname] = row.scans;
    });
  }
  return scans;
}

/** Ends the services' connections at the server, which makes PostgreSQL count what they have done. */
async function countWhatWasDone(): Promise<void> {
  for (const { url } of Object.values(graph.databases)) {
    await withClient(url, (client) =>
      client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      ),
    );
  }
}

it('no hot statement reads a large table from end to end', async () => {
  await countWhatWasDone();
  const before = await sequentialScans();
  expect(Object.keys(before)).toHaveLength(8);
  for (const { query, viewer } of HOT) {
    const { errors } = await graph.ask(query, viewer ? { viewer } : {});
    expect(errors).toBeUndefined();
  }
  await countWhatWasDone();
  expect(await sequentialScans()).toEqual(before);
});

it('would see one', async () => {
  const before = await sequentialScans();
  await withClient(graph.databases.orders.url, async (client) => {
    await client.query('SELECT count(*) FROM order_lines WHERE quantity > 0');
  });
  expect((await sequentialScans()).order_lines_past).toBeGreaterThan(before.order_lines_past ?? 0);
});
