import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromGlobalId } from '@tributary/subgraph-kit';
import { CHECKPOINTS } from '../src/services/placing/checkpoint.ts';
import { customer, userId, variantId } from './support/fixtures.ts';
import { dropJobs, tasksOf } from './support/jobs.ts';
import {
  add,
  changeCart,
  type Market,
  openMarket,
  type PlacePayload,
  place,
  placed,
  placing,
} from './support/market.ts';
import { stepsOf } from './support/placing.ts';
import { openWorkshop, type Workshop } from './support/workshop.ts';

let market: Market;
let workshop: Workshop;
/** Where the process dies next, as far as others can tell: what it was about to do is never done. */
let dieAt: string | null = null;
let n = 0;
beforeAll(async () => {
  market = await openMarket((at) => {
    if (at !== dieAt) return;
    dieAt = null;
    throw new Error('the process dies');
  });
  workshop = openWorkshop(market.shop, { productsUrl: market.warehouse.url });
});
afterAll(async () => {
  await workshop?.close();
  await market?.close();
});
beforeEach(async () => {
  n += 1;
  market.warehouse.reset();
  market.warehouse.reservations.clear();
  for (const article of [1, 2]) market.warehouse.stock(variantId(article), { onHand: 100 });
  await dropJobs(market.shop.prisma);
  await add(market.shop.ask, customer(n), 1, 2);
});
afterEach(() => {
  dieAt = null;
});

const order = (minorUnits = 700, changes = {}) => placed(market.shop.ask, n, placing(n, minorUnits, changes));
const idOf = ({ order: answer }: PlacePayload) => fromGlobalId('Order', answer?.id, 'id');
const placementOf = () => market.shop.prisma.placement.findFirstOrThrow({ where: { userId: userId(n) } });
const orders = () => market.shop.prisma.order.findMany({ where: { userId: userId(n) } });
async function die(at: string, minorUnits?: number) {
  dieAt = at;
  const { errors } = await place(market.shop.ask, n, placing(n, minorUnits ?? 700));
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(dieAt).toBeNull();
}
/** As if the minutes had passed that a process can be busy with an order at most. */
const age = (minutes: number) => market.shop.prisma.$executeRaw`
  UPDATE placements SET started_at = now() - make_interval(mins => ${minutes}::int) WHERE user_id = ${userId(n)}::uuid`;
const pieces = () => ({
  held: market.warehouse.kept(variantId(1), 'HELD'),
  sold: market.warehouse.kept(variantId(1), 'CONFIRMED'),
  free: market.warehouse.free(variantId(1)),
});

describe('after a death', () => {
  it.each(CHECKPOINTS.filter((at) => at !== 'aborted'))(
    'that is %s, the same request answers the one order',
    async (at) => {
      await die(at);
      expect(await orders()).toHaveLength(at === 'committed' ? 1 : 0);
      const answer = await order();
      expect(answer.userErrors).toEqual([]);
      expect(await order()).toEqual(answer);
      expect((await orders()).map(({ id }) => id)).toEqual([idOf(answer)]);
      expect(await market.shop.prisma.orderLine.count({ where: { orderId: idOf(answer) } })).toBe(1);
      expect(await stepsOf(market.shop.prisma, idOf(answer))).toHaveLength(1);
      expect((await tasksOf(market.shop.prisma, idOf(answer))).length).toBe(5);
      await workshop.run('stock.confirm', { orderId: idOf(answer) });
      expect(pieces()).toEqual({ held: 0, sold: 2, free: 98 });
    },
  );

  it.each(['begun', 'read', 'reserved', 'written'])(
    'that is %s, the sweep gives the stock back',
    async (at) => {
      await die(at);
      await age(9);
      await workshop.run('placement.sweep', {});
      expect((await placementOf()).status).toBe('STARTED');
      await age(11);
      await workshop.run('placement.sweep', {});
      const { orderId, status } = await placementOf();
      expect(status).toBe('ABORTED');
      expect(await tasksOf(market.shop.prisma, orderId)).toEqual(['stock.release']);
      await workshop.work();
      expect(pieces()).toEqual({ held: 0, sold: 0, free: 100 });
      const answer = await order();
      expect(idOf(answer)).not.toBe(orderId);
      expect(pieces().held).toBe(2);
    },
  );

  it('that is committed, the sweep leaves the order alone', async () => {
    await die('committed');
    await age(60);
    await workshop.run('placement.sweep', {});
    expect((await placementOf()).status).toBe('PLACED');
    expect(await orders()).toHaveLength(1);
  });

  it('that is aborted, a job gives the stock back', async () => {
    market.warehouse.stock(variantId(1), { onHand: 100, priceMinor: 351 });
    await die('aborted');
    expect(pieces().held).toBe(2);
    await workshop.work();
    expect(pieces()).toEqual({ held: 0, sold: 0, free: 100 });
  });

  it('a cart that holds the same in another order becomes an order with each line as it is', async () => {
    await add(market.shop.ask, customer(n), 2, 1);
    await die('reserved', 1_050);
    const [first] = (await add(market.shop.ask, customer(n), 1, 1)).cart?.lines ?? [];
    await changeCart(market.shop.ask, customer(n), 'cartLineRemove', { lineId: first?.id });
    await add(market.shop.ask, customer(n), 1, 2);
    const orderId = idOf(await order(1_050));
    const lines = await market.shop.prisma.orderLine.findMany({
      where: { orderId },
      orderBy: { position: 'asc' },
    });
    expect(lines).toMatchObject([
      { variantId: variantId(2), sku: 'SKU-02', quantity: 1 },
      { variantId: variantId(1), sku: 'SKU-01', quantity: 2 },
    ]);
  });

  it('a cart that is something else by now is reserved anew', async () => {
    await die('reserved');
    const { orderId } = await placementOf();
    await add(market.shop.ask, customer(n), 2, 1);
    expect((await order(700)).userErrors.map(({ code }) => code)).toEqual(['PRICE_CHANGED']);
    await add(market.shop.ask, customer(n), 1, 1);
    const answer = await order(1_400, { idempotencyKey: 'another key' });
    expect(answer.order).not.toBeNull();
    await workshop.run('stock.release', { orderId });
    expect(pieces().held).toBe(3);
  });
});

describe('a try that is swept away while it is under way', () => {
  it.each([
    ['after', async () => workshop.work()],
    ['before', async () => undefined],
  ])('begins anew, when it finds out %s the stock was given back', async (_when, giveBack) => {
    let swept: string | undefined;
    market.warehouse.afterEffect = async (field) => {
      if (field !== 'inventoryReserve' || swept !== undefined) return;
      swept = (await placementOf()).orderId;
      await age(11);
      await workshop.run('placement.sweep', {});
      await giveBack();
    };
    const answer = await order();
    expect(swept).toBeDefined();
    expect(idOf(answer)).not.toBe(swept);
    expect((await orders()).map(({ id }) => id)).toEqual([idOf(answer)]);
    await workshop.run('stock.release', { orderId: swept });
    expect(pieces().held).toBe(2);
  });

  it('is given up for good in the end', async () => {
    market.warehouse.afterEffect = async (field) => {
      if (field !== 'inventoryReserve') return;
      await age(11);
      await workshop.run('placement.sweep', {});
    };
    const { errors } = await place(market.shop.ask, n, placing(n, 700));
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SERVICE_UNAVAILABLE']);
    expect(market.warehouse.calls.get('inventoryReserve')).toBe(5);
    expect(await orders()).toEqual([]);
    await workshop.work();
    expect(pieces()).toEqual({ held: 0, sold: 0, free: 100 });
  });
});

describe('jobs', () => {
  it('cancel an order whose stock is gone', async () => {
    const answer = await order();
    market.warehouse.expire(idOf(answer));
    market.warehouse.stock(variantId(1), { onHand: 1 });
    await workshop.run('stock.confirm', { orderId: idOf(answer) });
    expect(await stepsOf(market.shop.prisma, idOf(answer))).toEqual([
      '>PENDING_PAYMENT',
      'PENDING_PAYMENT>CANCELLED',
    ]);
    const [event] = await market.shop.prisma.orderEvent.findMany({
      where: { orderId: idOf(answer), toStatus: 'CANCELLED' },
    });
    expect(event).toMatchObject({ reason: 'out of stock', actorId: null });
    await workshop.run('stock.confirm', { orderId: idOf(answer) });
    expect(await tasksOf(market.shop.prisma, idOf(answer))).toContain('stock.release');
  });

  it('confirm what expired, and is still there', async () => {
    const answer = await order();
    market.warehouse.expire(idOf(answer));
    await workshop.run('stock.confirm', { orderId: idOf(answer) });
    expect(pieces()).toEqual({ held: 0, sold: 2, free: 98 });
    expect(await stepsOf(market.shop.prisma, idOf(answer))).toHaveLength(1);
  });

  it('are tried again while products are away', async () => {
    const answer = await order();
    market.warehouse.faults.set('inventoryConfirm', 'refused');
    await expect(workshop.run('stock.confirm', { orderId: idOf(answer) })).rejects.toThrow('products');
    market.warehouse.faults.set('inventoryRelease', 'lost');
    await expect(workshop.run('stock.release', { orderId: idOf(answer) })).rejects.toThrow('products');
  });
});
