import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Order } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer, type TestSubscriber, type TestViewer } from '@tributary/testing';
import { customer, userId } from './support/fixtures.ts';
import { connect, listenTo, listenToOwn, told } from './support/listening.ts';
import { placeOrder } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';

const CANCEL = 'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { id } } }';
const TRANSITION =
  'mutation ($input: OrderTransitionInput!) { orderTransition(input: $input) { order { id } userErrors { __typename } } }';
const staff = someViewer('STAFF');
const LIFE = [
  '1 >PENDING_PAYMENT',
  '2 PENDING_PAYMENT>PAID',
  '3 PAID>FULFILLED',
  '4 FULFILLED>DELIVERED',
  '5 DELIVERED>REFUNDED',
];

let shop: Shop;
const subscribers: TestSubscriber[] = [];
beforeAll(async () => {
  shop = await openShop({ JOB_CONCURRENCY: '4', DATABASE_POOL_SIZE: '20' });
});
afterEach(async () => {
  for (const subscriber of subscribers.splice(0)) await subscriber.close();
});
afterAll(() => shop?.close());

async function as(viewer: TestViewer | null): Promise<TestSubscriber> {
  const subscriber = await connect(shop, viewer);
  subscribers.push(subscriber);
  return subscriber;
}

async function advance({ id }: Order, to: string): Promise<void> {
  const input = { id: toGlobalId('Order', id), to, reason: 'because' };
  const { data } = await shop.ask<{ orderTransition: { userErrors: unknown[] } }>(staff, TRANSITION, {
    input,
  });
  expect(data.orderTransition.userErrors).toEqual([]);
}

async function liveThrough(order: Order): Promise<void> {
  for (const to of ['PAID', 'FULFILLED', 'DELIVERED', 'REFUNDED']) await advance(order, to);
}

describe('orderStatusChanged', () => {
  it('tells where an order is, then each later step, once and in order', async () => {
    const order = await placeOrder(shop.prisma, 1);
    const early = listenTo(await as(customer(1)), order.id);
    await early.take(1);
    await liveThrough(order);
    await early.take(5);
    const late = listenTo(await as(staff), order.id);
    await late.take(1);
    expect(told(early)).toEqual(LIFE);
    expect(told(late)).toEqual(LIFE.slice(-1));
    expect(early.results.at(-1)?.data?.step).toMatchObject({
      order: { id: toGlobalId('Order', order.id), status: 'REFUNDED' },
    });
  });

  it('tells each of 200 changes at once to who listens to that order, and to nobody else', async () => {
    const orders: Order[] = [];
    for (let n = 0; n < 50; n += 1) orders.push(await placeOrder(shop.prisma, 100 + n));
    const listeners = await Promise.all(
      orders.map(async (order, n) => {
        const subscription = listenTo(await as(customer(100 + n)), order.id);
        await subscription.take(1);
        return subscription;
      }),
    );
    await Promise.all(orders.map(liveThrough));
    await Promise.all(listeners.map((listener) => listener.take(5)));
    for (const [n, listener] of listeners.entries()) {
      expect(told(listener)).toEqual(LIFE);
      const ids = new Set(listener.results.map(({ data }) => data?.step?.order.id));
      expect([...ids]).toEqual([toGlobalId('Order', orders[n]?.id ?? '')]);
    }
  });

  it('tells nothing of a step that was rolled back', async () => {
    const order = await placeOrder(shop.prisma, 3);
    const listener = listenTo(await as(customer(3)), order.id);
    await listener.take(1);
    await shop.prisma.$executeRaw`
      ALTER TABLE audit_log ADD CONSTRAINT no_payment CHECK (details->>'to' IS DISTINCT FROM 'PAID') NOT VALID`;
    try {
      const input = { id: toGlobalId('Order', order.id), to: 'PAID', reason: 'cash' };
      const { errors } = await shop.ask(staff, TRANSITION, { input });
      expect(errors).toHaveLength(1);
    } finally {
      await shop.prisma.$executeRaw`ALTER TABLE audit_log DROP CONSTRAINT no_payment`;
    }
    await shop.ask(customer(3), CANCEL, { input: { id: toGlobalId('Order', order.id) } });
    await listener.take(2);
    expect(told(listener)).toEqual(['1 >PENDING_PAYMENT', '2 PENDING_PAYMENT>CANCELLED']);
  });

  it('is for who may see the order; to others, it does not exist', async () => {
    const order = await placeOrder(shop.prisma, 4);
    const codes = [];
    for (const viewer of [null, customer(5)]) {
      const listener = listenTo(await as(viewer), order.id);
      expect(await listener.ended).toBeNull();
      codes.push(...told(listener));
    }
    const unknown = listenTo(await as(staff), userId(4));
    await unknown.ended;
    const wrong = (await as(customer(4))).subscribe(
      'subscription { orderStatusChanged(orderId: "x") { to } }',
    );
    await wrong.ended;
    expect([...codes, ...told(unknown)]).toEqual(['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND']);
    expect(wrong.results[0]?.errors?.[0]?.extensions).toMatchObject({
      reason: 'INVALID_ID',
      argument: 'orderId',
    });
  });

  it('ends when the order is no longer theirs to see', async () => {
    const order = await placeOrder(shop.prisma, 6);
    const listener = listenTo(await as(customer(6)), order.id);
    await listener.take(1);
    await shop.prisma.order.update({ where: { id: order.id }, data: { userId: userId(7) } });
    await advance(order, 'PAID');
    expect(await listener.ended).toBeNull();
    expect(told(listener)).toEqual(['1 >PENDING_PAYMENT', 'NOT_FOUND']);
  });
});

describe('viewerOrdersChanged', () => {
  it('tells of the viewer’s own orders: what was lately, then what comes', async () => {
    const old = { placedAt: new Date(Date.now() - 120_000), userId: userId(8) };
    const before = await placeOrder(shop.prisma, 19, old);
    const recent = await placeOrder(shop.prisma, 20, { userId: userId(8) });
    const own = listenToOwn(await as(customer(8)));
    const other = listenToOwn(await as(customer(9)));
    await own.take(1);
    await advance(before, 'PAID');
    await own.take(2);
    await advance(recent, 'PAID');
    await own.take(3);
    await placeOrder(shop.prisma, 21, { userId: userId(8) });
    await placeOrder(shop.prisma, 22, { userId: userId(9) });
    await own.take(4);
    await other.take(1);
    const PAID = '2 PENDING_PAYMENT>PAID';
    expect(told(own)).toEqual(['1 >PENDING_PAYMENT', PAID, PAID, '1 >PENDING_PAYMENT']);
    expect(told(other)).toEqual(['1 >PENDING_PAYMENT']);
  });

  it('is for who is signed in', async () => {
    const listener = listenToOwn(await as(null));
    await listener.ended;
    expect(told(listener)).toEqual(['UNAUTHENTICATED']);
  });
});
