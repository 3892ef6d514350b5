import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Order, OrderStatus } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { openOutbox, someViewer, type TestOutbox } from '@tributary/testing';
import { EVENT_CATALOGUE } from '../src/event-catalogue.ts';
import { customer, variantId } from './support/fixtures.ts';
import { dropJobs } from './support/jobs.ts';
import { placeOrder } from './support/placing.ts';
import { openTill, type Till } from './support/till.ts';

const CANCEL =
  'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { userErrors { __typename } } }';
const TRANSITION =
  'mutation ($input: OrderTransitionInput!) { orderTransition(input: $input) { userErrors { __typename } } }';

let till: Till;
let outbox: TestOutbox;
let order: Order;
let n = 0;
beforeAll(async () => {
  till = await openTill();
  outbox = await openOutbox(till.shop.databaseUrl, EVENT_CATALOGUE.events);
});
afterAll(() => till?.close());
beforeEach(async () => {
  n += 1;
  till.plan = {};
  await dropJobs(till.shop.prisma);
  order = await placeOrder(till.shop.prisma, n);
});

const cancel = (reason: string | null) =>
  till.shop.ask(customer(n), CANCEL, { input: { id: toGlobalId('Order', order.id), reason } });
const move = (to: OrderStatus) =>
  till.shop.ask(someViewer('STAFF'), TRANSITION, {
    input: { id: toGlobalId('Order', order.id), to, reason: 'because' },
  });
const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type);
const EUROS = { minorUnits: 1_050, currency: 'EUR' };

describe('what happens to an order is written down in order:', () => {
  it('placing it with what was bought, and paying it', async () => {
    await till.settle();
    const facts = { orderId: order.id, number: order.number, userId: order.userId, total: EUROS };
    const line = {
      variantId: variantId(0),
      sku: 'SKU-0',
      quantity: 3,
      unitPrice: { minorUnits: 350, currency: 'EUR' },
    };
    const about = `order:${order.id}`;
    expect(await outbox.take()).toEqual([
      { type: 'order.placed.v1', about, data: { ...facts, lines: [line] } },
      { type: 'payment.captured.v1', about, data: { orderId: order.id, amount: EUROS, byHand: false } },
      { type: 'order.paid.v1', about, data: { ...facts, from: 'PENDING_PAYMENT' } },
    ]);
  });

  it('cancelling it, and giving the money back', async () => {
    await till.settle();
    await outbox.take();
    await cancel('My name is Ada Lovelace');
    await till.settle();
    const events = await outbox.take();
    expect(typesOf(events)).toEqual(['order.cancelled.v1', 'payment.refunded.v1']);
    expect(JSON.stringify(events)).not.toContain('Ada');
  });

  it('a payment that fails', async () => {
    till.plan = { outcome: 'fail', failureReason: 'card_declined' };
    await till.settle();
    expect(typesOf(await outbox.take())).toEqual([
      'order.placed.v1',
      'payment.failed.v1',
      'order.cancelled.v1',
    ]);
  });

  it('the steps that staff takes', async () => {
    for (const to of ['PAID', 'FULFILLED', 'DELIVERED', 'REFUNDED'] as const) await move(to);
    const events = await outbox.take();
    expect(typesOf(events)).toEqual([
      'order.placed.v1',
      'order.paid.v1',
      'payment.captured.v1',
      'order.fulfilled.v1',
      'order.delivered.v1',
      'order.refunded.v1',
    ]);
    expect(events[2]?.data).toMatchObject({ byHand: true, amount: EUROS });
  });
});

it('of many that try to take a step, the one that does is told of', async () => {
  await outbox.take();
  await Promise.all(Array.from({ length: 8 }, () => cancel(null)));
  expect(typesOf(await outbox.take())).toEqual(['order.cancelled.v1']);
});

it('what is rolled back is not told of', async () => {
  const taken = await outbox.take();
  const failed = till.shop.prisma.$transaction(async (tx) => {
    await tx.orderEvent.create({
      data: { orderId: order.id, fromStatus: 'PENDING_PAYMENT', toStatus: 'PAID' },
    });
    throw new Error('never mind');
  });
  await expect(failed).rejects.toThrow('never mind');
  expect([typesOf(taken), await outbox.take()]).toEqual([['order.placed.v1'], []]);
});
