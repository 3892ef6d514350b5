import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Order, OrderStatus } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer, type TestViewer } from '@tributary/testing';
import { customer, orderId } from './support/fixtures.ts';
import { dropJobs, tasksOf } from './support/jobs.ts';
import { placeOrder, stepsOf } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';

const staff = someViewer('STAFF');
const ERRORS = `userErrors { __typename ... on UserError { code message field }
  ... on IllegalTransitionError { from to allowed } }`;
const CANCEL = `mutation ($input: OrderCancelInput!) {
  result: orderCancel(input: $input) { order { id status nextStatuses } ${ERRORS} } }`;
const TRANSITION = `mutation ($input: OrderTransitionInput!) {
  result: orderTransition(input: $input) { order { id status payment { status amount { minorUnits } } } ${ERRORS} } }`;

interface Result {
  result: { order: { status: OrderStatus } | null; userErrors: Record<string, unknown>[] } | null;
}

let shop: Shop;
let n = 0;
let order: Order;
let buyer: TestViewer;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());
beforeEach(async () => {
  n += 1;
  order = await placeOrder(shop.prisma, n);
  buyer = customer(n);
});

const cancel = (viewer: TestViewer | null, id: string, reason?: string | null) =>
  shop.ask<Result>(viewer, CANCEL, { input: { id: toGlobalId('Order', id), reason } });
const move = (viewer: TestViewer | null, to: OrderStatus, reason: string | null = null) =>
  shop.ask<Result>(viewer, TRANSITION, { input: { id: toGlobalId('Order', order.id), to, reason } });
/** Takes the order through these steps, as staff. */
async function moveAll(...steps: OrderStatus[]) {
  for (const to of steps) {
    const { data } = await move(staff, to, 'by bank transfer');
    expect(data.result).toMatchObject({ order: { status: to }, userErrors: [] });
  }
}
const illegal = (from: OrderStatus, to: OrderStatus, allowed: OrderStatus[]) => ({
  data: {
    result: {
      order: null,
      userErrors: [
        expect.objectContaining({
          __typename: 'IllegalTransitionError',
          code: 'ILLEGAL_TRANSITION',
          field: null,
          from,
          to,
          allowed,
        }),
      ],
    },
  },
});
const NOT_FOUND = [
  expect.objectContaining({ __typename: 'NotFoundError', code: 'NOT_FOUND', field: ['id'] }),
];

describe('a new order', () => {
  it('has its first step, its payment, its audit entry and its jobs', async () => {
    expect(await stepsOf(shop.prisma, order.id)).toEqual(['>PENDING_PAYMENT']);
    expect(await tasksOf(shop.prisma, order.id)).toEqual([
      'event.publish',
      'mail.confirmation',
      'payment.check',
      'payment.start',
      'stock.confirm',
    ]);
    const { data } = await shop.ask(
      buyer,
      `query ($id: ID!) { order(id: $id) { payment {
        status amount { amount currency } refunded { minorUnits } updatedAt } } }`,
      { id: toGlobalId('Order', order.id) },
    );
    expect(data.order).toEqual({
      payment: {
        status: 'PENDING',
        amount: { amount: '10.50', currency: 'EUR' },
        refunded: { minorUnits: 0 },
        updatedAt: order.placedAt.toISOString(),
      },
    });
    expect(await shop.prisma.auditEntry.findMany({ where: { subjectId: order.id } })).toMatchObject([
      {
        action: 'order.place',
        subjectType: 'Order',
        actorId: order.userId,
        details: { number: order.number },
      },
    ]);
  });
});

describe('orderCancel', () => {
  it('cancels the viewer’s order, with a reason', async () => {
    await dropJobs(shop.prisma);
    const { data, errors } = await cancel(buyer, order.id, '  Changed my mind ');
    expect(errors).toBeUndefined();
    expect(data.result).toEqual({
      order: { id: toGlobalId('Order', order.id), status: 'CANCELLED', nextStatuses: [] },
      userErrors: [],
    });
    expect(await stepsOf(shop.prisma, order.id)).toEqual(['>PENDING_PAYMENT', 'PENDING_PAYMENT>CANCELLED']);
    const last = { orderId: order.id, toStatus: 'CANCELLED' } as const;
    expect(await shop.prisma.orderEvent.findFirst({ where: last })).toMatchObject({
      actorId: buyer.userId,
      reason: 'Changed my mind',
    });
    expect(await tasksOf(shop.prisma, order.id)).toEqual([
      'event.publish',
      'mail.cancellation',
      'payment.sync',
      'stock.release',
    ]);
    expect(await shop.prisma.payment.findUnique({ where: { orderId: order.id } })).toMatchObject({
      status: 'CANCELLED',
    });
    expect(
      await shop.prisma.auditEntry.findFirst({
        where: { action: 'order.status.change', subjectId: order.id },
      }),
    ).toMatchObject({
      actorId: buyer.userId,
      actorRole: 'CUSTOMER',
      details: { from: 'PENDING_PAYMENT', to: 'CANCELLED' },
    });
  });

  it('gives the money and the stock of a paid order back', async () => {
    await moveAll('PAID');
    await dropJobs(shop.prisma);
    const { data } = await cancel(buyer, order.id);
    expect(data.result?.order).toMatchObject({ status: 'CANCELLED' });
    expect(await tasksOf(shop.prisma, order.id)).toEqual([
      'event.publish',
      'mail.cancellation',
      'payment.refund',
      'stock.release',
    ]);
  });

  it('does not know another’s order, nor what is none', async () => {
    const foreign = await cancel(customer(n + 1), order.id);
    const missing = await cancel(buyer, orderId(0xffff));
    const malformed = await shop.ask<Result>(buyer, CANCEL, { input: { id: 'x' } });
    const mistyped = await shop.ask<Result>(buyer, CANCEL, { input: { id: toGlobalId('Cart', order.id) } });
    for (const { data, errors } of [foreign, missing, malformed, mistyped]) {
      expect(errors).toBeUndefined();
      expect(data.result).toEqual({ order: null, userErrors: NOT_FOUND });
    }
    expect(foreign.data).toEqual(missing.data);
    expect(await stepsOf(shop.prisma, order.id)).toHaveLength(1);
  });

  it('cancels any order for staff', async () => {
    expect((await cancel(staff, order.id)).data.result?.order).toMatchObject({ status: 'CANCELLED' });
  });

  it('cancels once', async () => {
    await cancel(buyer, order.id);
    expect(await cancel(buyer, order.id)).toMatchObject(illegal('CANCELLED', 'CANCELLED', []));
  });

  it('leaves an order alone that is on its way', async () => {
    await moveAll('PAID', 'FULFILLED');
    expect(await cancel(buyer, order.id)).toMatchObject(illegal('FULFILLED', 'CANCELLED', []));
    expect(await cancel(staff, order.id)).toMatchObject(
      illegal('FULFILLED', 'CANCELLED', ['DELIVERED', 'REFUNDED']),
    );
  });

  it.each([
    ['too long', 'x'.repeat(501)],
    ['empty', '  '],
    ['with control characters', 'a\u0007'],
  ])('refuses a reason that is %s', async (_what, reason) => {
    const { data } = await cancel(buyer, order.id, reason);
    expect(data.result).toMatchObject({
      order: null,
      userErrors: [{ code: 'VALIDATION', field: ['reason'] }],
    });
  });

  it('is for those who are signed in', async () => {
    const { data, errors } = await cancel(null, order.id);
    expect(data.result).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('orderTransition', () => {
  it('is for staff', async () => {
    const { data, errors } = await move(buyer, 'PAID', 'I paid');
    expect(data.result).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await move(null, 'PAID', 'x')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  it('takes an order from placing to refund', async () => {
    await moveAll('PAID', 'FULFILLED', 'DELIVERED');
    await dropJobs(shop.prisma);
    await moveAll('REFUNDED');
    expect(await stepsOf(shop.prisma, order.id)).toEqual([
      '>PENDING_PAYMENT',
      'PENDING_PAYMENT>PAID',
      'PAID>FULFILLED',
      'FULFILLED>DELIVERED',
      'DELIVERED>REFUNDED',
    ]);
    // What was sent is counted in when it comes back.
    expect(await tasksOf(shop.prisma, order.id)).toEqual(['event.publish', 'payment.refund']);
  });

  it('gives the stock back when an order is refunded that was not sent', async () => {
    await moveAll('PAID');
    await dropJobs(shop.prisma);
    await moveAll('REFUNDED');
    expect(await tasksOf(shop.prisma, order.id)).toEqual([
      'event.publish',
      'payment.refund',
      'stock.release',
    ]);
  });

  it('writes to the customer when the order was sent', async () => {
    await moveAll('PAID');
    await dropJobs(shop.prisma);
    await moveAll('FULFILLED');
    expect(await tasksOf(shop.prisma, order.id)).toEqual(['event.publish', 'mail.shipment']);
  });

  it('wants to know how the money came', async () => {
    const { data } = await move(staff, 'PAID');
    expect(data.result).toMatchObject({
      order: null,
      userErrors: [{ __typename: 'ValidationError', field: ['reason'] }],
    });
    const paid = await move(staff, 'PAID', 'Bank transfer of 3 March');
    expect(paid.data.result?.order).toMatchObject({
      payment: { status: 'SUCCEEDED', amount: { minorUnits: 1050 } },
    });
  });

  it.each<[OrderStatus[], OrderStatus, OrderStatus[]]>([
    [[], 'PENDING_PAYMENT', ['PAID', 'CANCELLED']],
    [[], 'FULFILLED', ['PAID', 'CANCELLED']],
    [[], 'REFUNDED', ['PAID', 'CANCELLED']],
    [['PAID'], 'PAID', ['FULFILLED', 'CANCELLED', 'REFUNDED']],
    [['PAID'], 'DELIVERED', ['FULFILLED', 'CANCELLED', 'REFUNDED']],
    [['PAID', 'FULFILLED'], 'PAID', ['DELIVERED', 'REFUNDED']],
    [['PAID', 'REFUNDED'], 'CANCELLED', []],
    [['CANCELLED'], 'PAID', []],
  ])('after %j refuses %s', async (steps, to, allowed) => {
    await moveAll(...steps);
    const answer = await move(staff, to, 'because');
    expect(answer).toMatchObject(illegal(steps.at(-1) ?? 'PENDING_PAYMENT', to, allowed));
    expect(await stepsOf(shop.prisma, order.id)).toHaveLength(steps.length + 1);
  });

  it('does not know an order that is none', async () => {
    const input = { id: toGlobalId('Order', orderId(0xffff)), to: 'CANCELLED' };
    const { data } = await shop.ask<Result>(staff, TRANSITION, { input });
    expect(data.result).toEqual({ order: null, userErrors: NOT_FOUND });
  });
});

describe('at the same time', () => {
  it('one of 50 cancellations wins', async () => {
    await dropJobs(shop.prisma);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => cancel(index % 2 ? buyer : staff, order.id)),
    );
    expect(answers.filter(({ data }) => data.result?.order?.status === 'CANCELLED')).toHaveLength(1);
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      if (!data.result?.order) expect(data.result?.userErrors).toMatchObject([{ from: 'CANCELLED' }]);
    }
    expect(await stepsOf(shop.prisma, order.id)).toEqual(['>PENDING_PAYMENT', 'PENDING_PAYMENT>CANCELLED']);
    expect(await tasksOf(shop.prisma, order.id)).toEqual([
      'event.publish',
      'mail.cancellation',
      'payment.sync',
      'stock.release',
    ]);
  });

  it('each step is taken once by 50 who want different ones', async () => {
    await moveAll('PAID');
    const wanted: OrderStatus[] = ['FULFILLED', 'CANCELLED', 'REFUNDED', 'DELIVERED'];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => move(staff, wanted[index % 4] ?? 'CANCELLED')),
    );
    const taken = answers.flatMap(({ data }) => (data.result?.order ? [data.result.order.status] : []));
    const steps = (await stepsOf(shop.prisma, order.id)).slice(2);
    expect(new Set(taken).size).toBe(taken.length);
    expect(steps.map((step) => step.split('>')[1]).sort()).toEqual([...taken].sort());
    for (const [index, step] of steps.entries())
      expect(step.split('>')[0]).toBe(steps[index - 1]?.split('>')[1] ?? 'PAID');
    expect((await shop.prisma.order.findUnique({ where: { id: order.id } }))?.status).toBe(
      steps.at(-1)?.split('>')[1],
    );
  });
});
