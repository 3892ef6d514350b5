import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromGlobalId } from '@tributary/subgraph-kit';
import { graphql, identityHeaders, TEST_SECRET } from '@tributary/testing';
import { readSettings } from '../src/config.ts';
import { startOrders } from '../src/start.ts';
import { customer, userId, variantId } from './support/fixtures.ts';
import { dropJobs, tasksOf } from './support/jobs.ts';
import { type Ask, add, type Market, openMarket, place, placed, placing } from './support/market.ts';
import { openWorkshop, type Workshop } from './support/workshop.ts';

let market: Market;
let workshop: Workshop;
/** Those who serve the shop, each with connections of its own. */
let servers: Ask[];
let closeSecond: () => Promise<void>;
let n = 1_000;
beforeAll(async () => {
  market = await openMarket();
  workshop = openWorkshop(market.shop, { productsUrl: market.warehouse.url });
  const second = await startOrders(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      INTERNAL_SECRET: TEST_SECRET,
      ORDERS_DATABASE_URL: market.shop.databaseUrl,
      JOB_CONCURRENCY: '0',
      SUBGRAPH_URLS: market.subgraphUrls,
    }),
  );
  closeSecond = second.close;
  servers = [
    market.shop.ask,
    async (viewer, query, variables = {}) =>
      graphql(second.url, { query, variables, headers: await identityHeaders(viewer) }),
  ];
});
afterAll(async () => {
  await closeSecond?.();
  await workshop?.close();
  await market?.close();
});
beforeEach(async () => {
  n += 1_000;
  market.warehouse.reset();
  market.warehouse.reservations.clear();
  for (const article of [1, 2, 3]) market.warehouse.stock(variantId(article));
  await dropJobs(market.shop.prisma);
});

const server = (i: number): Ask => servers[i % servers.length] ?? market.shop.ask;
const times = <Value>(count: number, run: (i: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_, i) => run(i)));
const held = (article: number) => market.warehouse.kept(variantId(article), 'HELD');
/** Gives back what jobs give back, as far as orders let go of it. */
async function giveBack() {
  await market.shop.prisma.$executeRaw`
    DELETE FROM graphile_worker._private_jobs WHERE task_id NOT IN (
      SELECT id FROM graphile_worker._private_tasks WHERE identifier = 'stock.release')`;
  await workshop.work();
}

describe('one key', () => {
  it('is one order, of a hundred that ask at the same time', async () => {
    await add(market.shop.ask, customer(n), 1, 2);
    const answers = await times(100, (i) => placed(server(i), n, placing(n, 700)));
    expect(new Set(answers.map(({ order }) => order?.number)).size).toBe(1);
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const orderId = fromGlobalId('Order', answers[0]?.order?.id, 'id');
    expect(await market.shop.prisma.order.count({ where: { userId: userId(n) } })).toBe(1);
    expect(await tasksOf(market.shop.prisma, orderId)).toHaveLength(5);
    expect(held(1)).toBe(2);
  });

  it('ends in one order, or none, when products answers only some', async () => {
    await add(market.shop.ask, customer(n), 1, 2);
    market.warehouse.faults.set('inventoryReserve', (call) => (call % 3 === 0 ? 'lost' : null));
    const answers = await times(40, (i) => place(server(i), n, placing(n, 700)));
    for (const { errors, data } of answers) {
      if (errors) expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['SERVICE_UNAVAILABLE']);
      else expect(data.orderPlace?.userErrors).toEqual([]);
    }
    market.warehouse.reset();
    const truth = await placed(market.shop.ask, n, placing(n, 700));
    const numbers = answers.flatMap(({ data }) => data?.orderPlace?.order?.number ?? []);
    expect(new Set([...numbers, truth.order?.number]).size).toBe(1);
    expect(await market.shop.prisma.order.count({ where: { userId: userId(n) } })).toBe(1);
    await giveBack();
    expect(held(1)).toBe(2);
  });
});

describe('one cart', () => {
  it('is one order, by however many keys', async () => {
    const { cart } = await add(market.shop.ask, customer(n), 1, 2);
    const answers = await times(20, (i) =>
      placed(server(i), n, placing(n, 700, { idempotencyKey: `key number ${i}`, cartId: cart?.id })),
    );
    expect(answers.filter(({ order }) => order)).toHaveLength(1);
    const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(codes).toEqual(Array(19).fill('NOT_FOUND'));
    await giveBack();
    expect(held(1)).toBe(2);
  });

  it('keeps what is put in while it is ordered', async () => {
    await add(market.shop.ask, customer(n), 1, 2);
    const [answer, ...adds] = await Promise.all([
      placed(market.shop.ask, n, placing(n, 700)),
      ...Array.from({ length: 10 }, (_, i) => add(server(i), customer(n), 2, 1)),
    ]);
    expect(adds.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    await giveBack();
    const lines = await market.shop.prisma.cartLine.findMany({ where: { cart: { userId: userId(n) } } });
    const ordered = await market.shop.prisma.orderLine.findMany({ where: { order: { userId: userId(n) } } });
    const sum = (article: number) =>
      [...lines, ...ordered]
        .filter((line) => line.variantId === variantId(article))
        .reduce((total, { quantity }) => total + quantity, 0);
    expect([sum(1), sum(2)]).toEqual([2, 10]);
    if (answer?.order) expect(ordered.map(({ quantity }) => quantity)).toEqual([2]);
    else expect(answer?.userErrors.map(({ code }) => code)).toEqual(['PRICE_CHANGED']);
    expect(held(1)).toBe(answer?.order ? 2 : 0);
  });
});

it('sixty buyers of twenty pieces make twenty orders', async () => {
  market.warehouse.stock(variantId(1), { onHand: 60 });
  await times(60, (i) => add(server(i), customer(n + i), 1, 1));
  market.warehouse.stock(variantId(1), { onHand: 20 });
  const answers = await times(60, (i) => placed(server(i), n + i, placing(n + i, 350)));
  expect(answers.filter(({ order }) => order)).toHaveLength(20);
  const codes = answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
  expect(codes).toEqual(Array(40).fill('INSUFFICIENT_STOCK'));
  expect(held(1)).toBe(20);
  expect(market.warehouse.free(variantId(1))).toBe(0);
});
