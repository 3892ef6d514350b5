import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLogger, createMetrics } from '@tributary/platform';
import { createEvictions, createRetention, fromGlobalId, RETENTION_TASK } from '@tributary/subgraph-kit';
import { readSettings } from '../src/config.ts';
import { retentionOf } from '../src/retention.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';
import { newOrder, openWarehouse, type Warehouse } from './support/warehouse.ts';

const DAY = 86_400_000; // ms

let running: RunningProducts;
let warehouse: Warehouse;
beforeAll(async () => {
  running = await runProducts();
  warehouse = openWarehouse(running);
});
afterAll(() => running?.close());

async function prune(): Promise<void> {
  const logger = createLogger({ name: 'retention', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const { tasks } = createRetention({
    url: running.databaseUrl,
    tables: retentionOf(readSettings({ NODE_ENV: 'test', PRODUCTS_DATABASE_URL: running.databaseUrl })),
    evictions: createEvictions(false),
    logger,
    metrics: createMetrics('retention'),
  });
  const { signal } = new AbortController();
  await tasks[RETENTION_TASK]?.(null, { id: '1', attempt: 1, lastAttempt: false, signal, logger });
}

it('deletes reservations that hold nothing any more, and leaves the stock as it is', async () => {
  const variantId = await warehouse.stock(10);
  const lines = [{ variantId, quantity: 1 }];
  const orders: Record<string, string> = {};
  for (const name of ['held', 'sold', 'released', 'expired', 'releasedOfLate']) {
    orders[name] = newOrder();
    await warehouse.reserve(orders[name], lines);
  }
  const { held = '', sold = '', released = '', expired = '', releasedOfLate = '' } = orders;
  await warehouse.confirm(sold);
  await warehouse.release(released);
  await warehouse.release(releasedOfLate);
  await warehouse.makeDue(expired);
  await warehouse.expire();
  await running.prisma.$executeRaw`UPDATE reservations SET updated_at = now() - interval '91 days'`;
  await running.prisma.$executeRaw`
    UPDATE reservations SET updated_at = now() WHERE order_id = ${fromGlobalId('Order', releasedOfLate, 'id')}::uuid`;
  const before = await warehouse.stockOf(variantId);

  await prune();

  const statuses = await Promise.all(Object.values(orders).map((order) => warehouse.statusOf(order)));
  expect(statuses).toEqual(['HELD', 'CONFIRMED', null, null, 'RELEASED']);
  expect(await running.prisma.reservationLine.count()).toBe(3);
  expect(await warehouse.stockOf(variantId)).toEqual(before);
  await warehouse.release(sold);
  await warehouse.release(held);
  expect(await warehouse.stockOf(variantId)).toEqual({ onHand: 10, reserved: 0 });
});

it('deletes imports that ended long ago, once nothing says any more what they counted', async () => {
  const { prisma } = running;
  const variantId = fromGlobalId('ProductVariant', await warehouse.stock(1), 'id');
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY);
  const run = async (failure: string, finishedAt: Date | null, countedAt?: Date) => {
    const status = finishedAt ? ('DONE' as const) : ('RUNNING' as const);
    const { id: importRunId } = await prisma.importRun.create({
      data: {
        format: 'CSV',
        requestId: randomUUID(),
        createdAt: daysAgo(4_000),
        status,
        finishedAt,
        failure,
      },
    });
    if (countedAt)
      await prisma.inventoryAdjustment.create({
        data: { variantId, delta: 1, reason: 'Import', importRunId, onHandAfter: 1, at: countedAt },
      });
  };
  await run('long ago', daysAgo(366));
  await run('of late', daysAgo(364));
  await run('running', null);
  await run('its count is kept', daysAgo(3_600), daysAgo(3_600));
  await run('its count is over its time', daysAgo(3_651), daysAgo(3_651));
  await prune();
  const left = await prisma.importRun.findMany({ orderBy: { failure: 'asc' } });
  expect(left.map(({ failure }) => failure)).toEqual(['its count is kept', 'of late', 'running']);
  expect(await prisma.inventoryAdjustment.count()).toBe(1);
});
