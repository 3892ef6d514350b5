import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Order, OrderStatus } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer, type TestViewer } from '@tributary/testing';
import { customer } from './support/fixtures.ts';
import { dropJobs, jobsOf, makeAllDue, makeDue, tasksOf } from './support/jobs.ts';
import { placeOrder, stepsOf } from './support/placing.ts';
import { openTill, type Till } from './support/till.ts';
import { openWorkshop } from './support/workshop.ts';

const staff = someViewer('STAFF');
const CANCEL = 'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { status } } }';
const TRANSITION =
  'mutation ($input: OrderTransitionInput!) { orderTransition(input: $input) { order { status } } }';
const PAYMENT = `query ($id: ID!) { order(id: $id) { status payment {
  status refunded { minorUnits } failureReason } } }`;

let till: Till;
let order: Order;
let buyer: TestViewer;
let n = 0;
beforeAll(async () => {
  till = await openTill();
});
afterAll(() => till?.close());
beforeEach(async () => {
  n += 1;
  buyer = customer(n);
  till.plan = {};
  await dropJobs(till.shop.prisma);
  order = await placeOrder(till.shop.prisma, n);
});

const cancel = () => till.shop.ask(buyer, CANCEL, { input: { id: toGlobalId('Order', order.id) } });
const move = (to: OrderStatus) =>
  till.shop.ask(staff, TRANSITION, { input: { id: toGlobalId('Order', order.id), to, reason: 'because' } });
const ask = (viewer: TestViewer) => till.shop.ask(viewer, PAYMENT, { id: toGlobalId('Order', order.id) });
const steps = () => stepsOf(till.shop.prisma, order.id);
const row = () => till.shop.prisma.payment.findUniqueOrThrow({ where: { orderId: order.id } });
const reason = async (toStatus: OrderStatus) =>
  (await till.shop.prisma.orderEvent.findFirst({ where: { orderId: order.id, toStatus } }))?.reason;
/** Asks the provider again, as happens by and by. */
async function askAgain() {
  await makeDue(till.shop.prisma, 'payment.check');
  await till.settle();
}
/** Has the time for the payment run out. */
const runOut = () => till.shop.prisma.$executeRaw`
  UPDATE orders SET placed_at = now() - interval '31 minutes' WHERE id = ${order.id}::uuid`;
const PAID = ['>PENDING_PAYMENT', 'PENDING_PAYMENT>PAID'];
const CANCELLED = ['>PENDING_PAYMENT', 'PENDING_PAYMENT>CANCELLED'];

describe('a payment', () => {
  it.each(['once', 'twice'] as const)('that is told of %s pays the order once', async (webhooks) => {
    till.plan = { webhooks };
    await till.settle();
    expect(await steps()).toEqual(PAID);
    expect((await ask(staff)).data.order).toEqual({
      status: 'PAID',
      payment: { status: 'SUCCEEDED', refunded: { minorUnits: 0 }, failureReason: null },
    });
  });

  it('that nobody tells of is asked for', async () => {
    till.plan = { webhooks: 'never' };
    await till.settle();
    expect(await steps()).toEqual(['>PENDING_PAYMENT']);
    expect((await row()).status).toBe('PROCESSING');
    await askAgain();
    expect(await steps()).toEqual(PAID);
    expect(await tasksOf(till.shop.prisma, order.id)).not.toContain('payment.check');
  });

  it('that is told of late has paid the order before, and does not again', async () => {
    till.plan = { webhooks: 'late' };
    await till.settle();
    await askAgain();
    await till.payments.deliver();
    await till.settle();
    expect(await steps()).toEqual(PAID);
  });

  it('that fails cancels the order, which gives the stock back', async () => {
    till.plan = { outcome: 'fail', failureReason: 'card_declined' };
    await till.settle();
    expect(await steps()).toEqual(CANCELLED);
    expect(await reason('CANCELLED')).toBe('payment failed');
    expect(till.workshop.released.filter((id) => id === order.id)).toHaveLength(1);
    expect((await ask(staff)).data.order).toMatchObject({
      payment: { status: 'FAILED', failureReason: 'card_declined' },
    });
    const { data, errors } = await ask(buyer);
    expect(data.order).toMatchObject({ payment: { status: 'FAILED', failureReason: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('is asked for again after 1, 5 and 15 minutes, and at its deadline', async () => {
    till.plan = { outcome: 'never' };
    for (const minutes of [1, 5, 15, 30]) {
      await till.workshop.work();
      const [check] = (await jobsOf(till.shop.prisma, order.id)).filter(
        ({ task }) => task === 'payment.check',
      );
      const { placedAt } = await till.shop.prisma.order.findUniqueOrThrow({ where: { id: order.id } });
      expect(check?.runAt.getTime()).toBe(placedAt.getTime() + minutes * 60_000);
      const back = `${minutes * 60 + 10} seconds`;
      await till.shop.prisma.$executeRaw`
        UPDATE orders SET placed_at = date_trunc('milliseconds', now() - ${back}::interval) WHERE id = ${order.id}::uuid`;
      await makeDue(till.shop.prisma, 'payment.check');
    }
    await till.settle();
    expect(await steps()).toEqual(CANCELLED);
  });
});

describe('the deadline', () => {
  it('cancels the payment and the order', async () => {
    till.plan = { outcome: 'never' };
    await till.settle();
    await runOut();
    await askAgain();
    expect(await steps()).toEqual(CANCELLED);
    expect(await reason('CANCELLED')).toBe('payment timeout');
    expect(till.paymentOf(order.id).status).toBe('cancelled');
    expect((await row()).status).toBe('CANCELLED');
  });

  it('comes too late for what was paid in silence', async () => {
    till.plan = { webhooks: 'never' };
    await till.settle();
    await runOut();
    await askAgain();
    expect(await steps()).toEqual(PAID);
  });

  it('ends an order that the provider never heard of', async () => {
    till.payments.failNextRequests(1, 503);
    await till.settle();
    expect(await steps()).toEqual(['>PENDING_PAYMENT']);
    await runOut();
    await askAgain();
    expect(await steps()).toEqual(CANCELLED);
    await makeAllDue(till.shop.prisma);
    await till.settle();
    expect([...till.payments.payments.values()].some(({ reference }) => reference === order.id)).toBe(false);
  });

  it('waits for the provider to come back', async () => {
    till.plan = { outcome: 'never' };
    await till.settle();
    await runOut();
    till.payments.failNextRequests(1, 500);
    await askAgain();
    expect(await steps()).toEqual(['>PENDING_PAYMENT']);
    await askAgain();
    expect(await steps()).toEqual(CANCELLED);
  });
});

describe('an order that was cancelled', () => {
  it('has its payment cancelled', async () => {
    till.plan = { outcome: 'never' };
    await till.settle();
    await cancel();
    await till.settle();
    expect(till.paymentOf(order.id).status).toBe('cancelled');
    expect(await steps()).toEqual(CANCELLED);
  });

  it('never begins a payment', async () => {
    await cancel();
    await till.settle();
    expect(() => till.paymentOf(order.id)).toThrow();
  });

  it.each(['once', 'twice', 'late', 'never'] as const)(
    'gives all back when it is paid for then, which is told of %s',
    async (webhooks) => {
      till.plan = { outcome: 'never', webhooks };
      await till.workshop.work();
      till.payments.settle(till.paymentOf(order.id).id, 'succeed');
      await cancel();
      await till.settle();
      if (webhooks === 'late') await till.payments.deliver();
      await till.settle();
      expect(await steps()).toEqual(CANCELLED);
      expect(till.paymentOf(order.id)).toMatchObject({ status: 'succeeded', refunded: 1050 });
      expect(await row()).toMatchObject({ status: 'SUCCEEDED', capturedMinor: 1050n, refundedMinor: 1050n });
    },
  );

  it('gives back what was paid before', async () => {
    await till.settle();
    await cancel();
    await till.settle();
    expect(await steps()).toEqual([...PAID, 'PAID>CANCELLED']);
    expect((await ask(staff)).data.order).toMatchObject({ payment: { refunded: { minorUnits: 1050 } } });
    expect(till.paymentOf(order.id).refunded).toBe(1050);
  });

  it('stays so when it is told of payment and refund in the wrong order', async () => {
    till.plan = { webhooks: 'reordered' };
    await till.settle();
    await askAgain();
    await cancel();
    await till.settle();
    expect(till.payments.attempts.filter(({ status }) => status !== 200)).toEqual([]);
    expect(await steps()).toEqual([...PAID, 'PAID>CANCELLED']);
    expect(await row()).toMatchObject({
      status: 'SUCCEEDED',
      refundedMinor: 1050n,
      refundWantedMinor: 1050n,
    });
  });
});

describe('an outage of the provider', () => {
  it('delays a payment', async () => {
    till.payments.failNextRequests(1, 500);
    await till.workshop.work();
    const [start] = (await jobsOf(till.shop.prisma, order.id)).filter(({ task }) => task === 'payment.start');
    expect(start).toMatchObject({ attempts: 1 });
    await makeDue(till.shop.prisma, 'payment.start');
    await till.settle();
    expect(await steps()).toEqual(PAID);
  });

  it('with the answer lost makes no second payment', async () => {
    till.plan = { webhooks: 'never' };
    till.payments.failNextRequests(1, 'lose answer');
    await till.workshop.work();
    expect((await row()).providerId).toBeNull();
    await makeDue(till.shop.prisma, 'payment.start');
    await till.settle();
    await askAgain();
    expect(till.paymentOf(order.id).status).toBe('succeeded');
    expect(await steps()).toEqual(PAID);
  });

  it('with the answer lost leaves no payment open for an order that was cancelled meanwhile', async () => {
    till.plan = { outcome: 'never' };
    till.payments.failNextRequests(1, 'lose answer');
    await till.workshop.work();
    await cancel();
    await till.settle();
    expect(till.paymentOf(order.id).status).toBe('cancelled');
  });

  it('delays a refund', async () => {
    await till.settle();
    await cancel();
    till.payments.failNextRequests(1, 500);
    await till.workshop.work();
    expect(refunds()).toBe(0);
    await makeDue(till.shop.prisma, 'payment.refund');
    await till.settle();
    expect(till.paymentOf(order.id).refunded).toBe(1050);
    expect(refunds()).toBe(1);
    expect((await row()).refundedMinor).toBe(1050n);
  });
});

const refunds = () =>
  till.payments.events.filter(
    ({ type, data }) => type === 'payment.refunded' && data.payment.reference === order.id,
  ).length;

describe('a refund', () => {
  it('is given once by ten at the same time', async () => {
    await till.settle();
    await cancel();
    await Promise.allSettled(
      Array.from({ length: 10 }, () => till.workshop.run('payment.refund', { orderId: order.id })),
    );
    await till.settle();
    expect(till.paymentOf(order.id).refunded).toBe(1050);
    expect(refunds()).toBe(1);
  });

  it('is of what the provider has not given back by itself', async () => {
    await till.settle();
    await refundAtProvider(300);
    await till.settle();
    expect(await row()).toMatchObject({ refundedMinor: 300n });
    expect(await steps()).toEqual(PAID);
    await move('REFUNDED');
    await till.settle();
    expect(till.paymentOf(order.id).refunded).toBe(1050);
    expect(await row()).toMatchObject({ refundedMinor: 1050n });
  });

  it('is of what came twice, when staff had the money before', async () => {
    till.plan = { outcome: 'never' };
    await till.workshop.work();
    till.payments.hold();
    till.payments.settle(till.paymentOf(order.id).id, 'succeed');
    await move('PAID');
    till.payments.release();
    await till.settle();
    expect(await steps()).toEqual(PAID);
    expect(till.paymentOf(order.id).refunded).toBe(1050);
    expect((await ask(buyer)).data.order).toMatchObject({
      payment: { status: 'SUCCEEDED', refunded: { minorUnits: 0 } },
    });
  });
});

describe('an order', () => {
  it('that costs nothing is paid without the provider', async () => {
    order = await placeOrder(till.shop.prisma, 1_000 + n, { totalMinor: 0n });
    await till.settle();
    expect(await steps()).toEqual(PAID);
    expect(() => till.paymentOf(order.id)).toThrow();
  });

  it('waits for staff where there is no provider', async () => {
    const alone = openWorkshop(till.shop);
    await makeAllDue(till.shop.prisma);
    await alone.work();
    await alone.close();
    expect(await steps()).toEqual(['>PENDING_PAYMENT']);
    expect(await tasksOf(till.shop.prisma, order.id)).not.toContain('payment.start');
    await move('PAID');
    expect(await steps()).toEqual(PAID);
  });
});

/** As somebody does who uses the provider's own pages. */
async function refundAtProvider(amount: number): Promise<void> {
  const { id } = till.paymentOf(order.id);
  const response = await fetch(`${till.payments.url}/v1/payments/${id}/refunds`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${till.secret}`,
      'content-type': 'application/json',
      'idempotency-key': 'by hand',
    },
    body: JSON.stringify({ amount }),
  });
  expect(response.status).toBe(201);
}
