import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Order, OrderStatus } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer } from '@tributary/testing';
import { customer } from './support/fixtures.ts';
import { placeOrder } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';

const staff = someViewer('STAFF');
const CANCEL = 'mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { status } } }';
const TRANSITION =
  'mutation ($input: OrderTransitionInput!) { orderTransition(input: $input) { order { status } } }';

let shop: Shop;
let n = 0;
let order: Order;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());
beforeEach(async () => {
  n += 1;
  order = await placeOrder(shop.prisma, n);
});

describe('an order that staff changes', () => {
  it.each([
    ['orderCancel', CANCEL, {}],
    ['orderTransition', TRANSITION, { to: 'PAID', reason: 'by bank transfer' }],
  ])('is read by them with the answer of %s, and that is written down', async (_name, mutation, step) => {
    await shop.ask(staff, mutation, { input: { id: toGlobalId('Order', order.id), ...step } });
    const where = { subjectType: 'User', subjectId: order.userId };
    expect(await shop.prisma.auditEntry.findMany({ where })).toMatchObject([
      { action: 'orders.read', actorId: staff.userId, actorRole: 'STAFF' },
    ]);
  });

  it('is no news when its customer does', async () => {
    await shop.ask(customer(n), CANCEL, { input: { id: toGlobalId('Order', order.id) } });
    expect(await shop.prisma.auditEntry.count({ where: { subjectId: order.userId } })).toBe(0);
  });
});

describe('several steps in one request', () => {
  it('each answer the order as it is after them', async () => {
    const step = (name: string, to: OrderStatus) => `${name}: orderTransition(input: {
      id: "${toGlobalId('Order', order.id)}", to: ${to}, reason: "by bank transfer"
    }) { order { payment { status } history(last: 1) { edges { node { to } } } } }`;
    const { data } = await shop.ask(staff, `mutation { ${step('a', 'PAID')} ${step('b', 'FULFILLED')} }`);
    const after = (to: OrderStatus) => ({
      order: { payment: { status: 'SUCCEEDED' }, history: { edges: [{ node: { to } }] } },
    });
    expect(data).toEqual({ a: after('PAID'), b: after('FULFILLED') });
  });
});
