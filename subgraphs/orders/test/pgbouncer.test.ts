import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { listJobs } from '@tributary/jobs';
import type { RunningSubgraph } from '@tributary/subgraph-kit';
import {
  describeWithProgram,
  graphql,
  identityHeaders,
  type PgBouncer,
  someViewer,
  startPgBouncer,
  TEST_SECRET,
} from '@tributary/testing';
import { readSettings } from '../src/config.ts';
import { startOrders } from '../src/start.ts';
import { customer, variantId } from './support/fixtures.ts';
import { type Ask, add, type Market, openMarket, placed, placing } from './support/market.ts';
import { until } from './support/until.ts';
import { askMortally, ORDERS, waitingFor, whileLocked } from './support/waiting.ts';

const BUYERS = 50;
const CONNECTIONS = 5; // of PgBouncer to PostgreSQL, for all of them
const staff = someViewer('STAFF');
const HOUR = 3_600_000; // milliseconds

describeWithProgram('pgbouncer', '--version', 'orders behind PgBouncer in transaction mode', () => {
  let market: Market;
  let bouncer: PgBouncer;
  let orders: RunningSubgraph;
  let ask: Ask;
  beforeAll(async () => {
    market = await openMarket();
    const { databaseUrl } = market.shop;
    bouncer = await startPgBouncer(databaseUrl, CONNECTIONS);
    orders = await startOrders(
      readSettings({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: '0',
        ADMIN_PORT: '0',
        INTERNAL_SECRET: TEST_SECRET,
        ORDERS_DATABASE_URL: bouncer.wayTo(databaseUrl),
        ORDERS_DATABASE_DIRECT_URL: databaseUrl,
        DATABASE_POOL_SIZE: String(BUYERS),
        SUBGRAPH_URLS: market.subgraphUrls,
      }),
    );
    ask = async (viewer, query, variables = {}) =>
      graphql(orders.url, { query, variables, headers: await identityHeaders(viewer) });
  });
  afterAll(async () => {
    await orders?.close();
    await bouncer?.stop();
    await market?.close();
  });

  it(`sells to ${BUYERS} at once by ${CONNECTIONS} connections, and does the work that follows`, async () => {
    market.warehouse.stock(variantId(1));
    const buyers = Array.from({ length: BUYERS }, (_, n) => n + 1);
    const answers = await Promise.all(
      buyers.map(async (n) => {
        await persistently(() => add(ask, customer(n), 1));
        return placed(ask, n, placing(n, 350));
      }),
    );
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(new Set(answers.map(({ order }) => order?.number)).size).toBe(BUYERS);
    const due = (await listJobs(market.shop.databaseUrl)).filter(({ runAt }) => runAt.getTime() < Date.now());
    await until(async () => {
      const waiting = new Set((await listJobs(market.shop.databaseUrl)).map(({ id }) => id));
      return !due.some(({ id }) => waiting.has(id));
    });
  });

  it('reads every time in UTC, whatever zone the database is in', async () => {
    const { data } = await ask<{ orders: { edges: { node: { placedAt: string } }[] } }>(staff, ORDERS);
    const [edge] = data.orders.edges;
    expect(Math.abs(Date.now() - Date.parse(edge?.node.placedAt ?? ''))).toBeLessThan(HOUR);
  });

  it('ends the statement of who went away, and of nobody else', async () => {
    const { databaseUrl } = market.shop;
    await whileLocked(databaseUrl, async (letGo) => {
      const client = await askMortally(orders.url);
      await until(async () => (await waitingFor(databaseUrl)) === 1);
      const patient = ask(staff, ORDERS);
      await until(async () => (await waitingFor(databaseUrl)) === 2);
      expect(await client.leave()).toBe('gone');
      await until(async () => (await waitingFor(databaseUrl)) === 1);
      await letGo();
      expect((await patient).errors).toBeUndefined();
    });
  });
});

/** Tries again what the service says can be: on a busy machine, 50 connections may take longer than a statement waits. */
async function persistently(change: () => Promise<unknown>): Promise<void> {
  for (let tries = 10; ; tries -= 1) {
    const refusal = await change().then(() => null, String);
    if (refusal === null) return;
    if (tries === 1 || !refusal.includes('"retryable":true')) throw new Error(refusal);
  }
}
