import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RETENTION_TASK } from '@tributary/subgraph-kit';
import { readSettings } from '../src/config.ts';
import { createPlacements } from '../src/services/placing/placements.ts';
import { openShop, type Shop } from './support/shop.ts';
import { openWorkshop } from './support/workshop.ts';

const DAY = 86_400_000; // ms
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());

async function prune(settings?: Record<string, string>): Promise<void> {
  const workshop = openWorkshop(shop, { ...(settings && { settings }) });
  await workshop.run(RETENTION_TASK, {});
  await workshop.close();
}

const userId = randomUUID();
const requestHash = new Uint8Array([1]);
const placement = (idempotencyKey: string, status: 'STARTED' | 'PLACED' | 'ABORTED', days: number) =>
  shop.prisma.placement.create({
    data: { userId, idempotencyKey, requestHash, orderId: randomUUID(), status, startedAt: daysAgo(days) },
  });
const keys = async () =>
  (await shop.prisma.placement.findMany({ orderBy: { idempotencyKey: 'asc' } })).map(
    ({ idempotencyKey }) => idempotencyKey,
  );

it('forgets placements, webhooks and merged carts when their time is over, and no others', async () => {
  await placement('placed long ago', 'PLACED', 91);
  await placement('placed of late', 'PLACED', 89);
  await placement('given up long ago', 'ABORTED', 91);
  await placement('under way', 'STARTED', 91);
  for (const days of [91, 89])
    await shop.prisma.paymentEvent.create({
      data: {
        eventId: `${days}`,
        orderId: randomUUID(),
        type: 'payment.succeeded',
        receivedAt: daysAgo(days),
      },
    });
  for (const days of [31, 29])
    await shop.prisma.cartMerge.create({
      data: { tokenHash: new Uint8Array([days]), userId, mergedAt: daysAgo(days) },
    });
  await prune();
  expect(await keys()).toEqual(['placed of late', 'under way']);
  expect((await shop.prisma.paymentEvent.findMany()).map(({ eventId }) => eventId)).toEqual(['89']);
  expect((await shop.prisma.cartMerge.findMany()).map(({ tokenHash }) => [...tokenHash])).toEqual([[29]]);
  await prune({ PLACEMENT_RETENTION_DAYS: '30' });
  expect(await keys()).toEqual(['under way']);
});

describe('the key of an order', () => {
  it('is tried again while its time is over: it is kept, or begun anew, and never half of both', async () => {
    const placements = createPlacements(shop.prisma);
    for (let round = 0; round < 5; round++) {
      const { orderId } = await placement(`tried again ${round}`, 'ABORTED', 91);
      const [begun] = await Promise.all([
        placements.begin(userId, `tried again ${round}`, requestHash),
        prune(),
      ]);
      expect(begun.orderId).not.toBe(orderId);
      const where = { userId_idempotencyKey: { userId, idempotencyKey: `tried again ${round}` } };
      expect(await shop.prisma.placement.findUnique({ where })).toMatchObject({
        orderId: begun.orderId,
        status: 'STARTED',
      });
    }
  });

  it('cannot be forgotten sooner than clients were promised', () => {
    const env = { ORDERS_DATABASE_URL: shop.databaseUrl, PLACEMENT_RETENTION_DAYS: '29' };
    expect(() => readSettings(env)).toThrow(/^PLACEMENT_RETENTION_DAYS: .*30/);
  });
});

it.each([
  ['placements', "started_at < now() AND status <> 'STARTED'", 'started_at', 'placements_ended_idx'],
  ['payment_events', 'received_at < now()', 'received_at', 'payment_events_received_at_idx'],
  ['carts', 'updated_at < now() AND (user_id IS NULL)', 'updated_at', 'carts_left_behind_idx'],
])('finds old %s by an index', async (table, condition, order, index) => {
  const plan = await shop.prisma.$transaction(async (tx) => {
    await tx.$executeRawUnsafe('SET LOCAL enable_seqscan = off');
    return tx.$queryRawUnsafe<object[]>(
      `EXPLAIN SELECT FROM ${table} WHERE ${condition} ORDER BY ${order} LIMIT 500 FOR UPDATE SKIP LOCKED`,
    );
  });
  expect(JSON.stringify(plan)).toContain(index);
});
