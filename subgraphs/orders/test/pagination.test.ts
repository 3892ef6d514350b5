import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Order } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { type ConnectionPage, connectionFields, someViewer, walkConnection } from '@tributary/testing';
import { orderId, orderRow, userId } from './support/fixtures.ts';
import { openShop, type Shop } from './support/shop.ts';

const staff = someViewer('STAFF');
const PAGING = '$first: Int, $after: String, $last: Int, $before: String';
const ARGUMENTS = 'first: $first, after: $after, last: $last, before: $before';
const SORTS = ['PLACED_AT', 'TOTAL'].flatMap((field) =>
  ['ASC', 'DESC'].map((direction) => ({ field, direction })),
);

/** 25 orders of one customer, with few different times and totals, one of them beyond 2^31. */
const rows: Order[] = Array.from({ length: 25 }, (_, n) =>
  orderRow(n, {
    placedAt: new Date(Date.UTC(2025, 0, 1 + ((n * 7) % 4))),
    totalMinor: n === 3 ? 5_000_000_000n : BigInt((n * 5) % 3),
  }),
);

const sorted = ({ field, direction }: { field: string; direction: string }) => {
  const key = (order: Order) => (field === 'TOTAL' ? order.totalMinor : BigInt(order.placedAt.getTime()));
  const ascending = rows.toSorted((a, b) =>
    key(a) === key(b) ? (a.id < b.id ? -1 : 1) : key(a) < key(b) ? -1 : 1,
  );
  return (direction === 'ASC' ? ascending : ascending.toReversed()).map(({ number }) => number);
};

/** Every status, in an order that one after the other could be taken but for the last. */
const STATUSES = ['PENDING_PAYMENT', 'PAID', 'FULFILLED', 'DELIVERED', 'REFUNDED', 'CANCELLED'] as const;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.prisma.order.createMany({ data: rows });
  await shop.prisma.orderEvent.createMany({
    data: STATUSES.map((toStatus, n) => ({
      orderId: orderId(0),
      fromStatus: STATUSES[n - 1] ?? null,
      toStatus,
      reason: String(n),
      at: new Date(Date.UTC(2025, 0, 1 + (n >> 1))),
    })),
  });
});
afterAll(() => shop.close());

type Numbers = ConnectionPage<{ number: string }>;
const LISTS = {
  'Query.orders': async (variables: Record<string, unknown>) =>
    (
      await shop.ask<{ orders: Numbers }>(
        staff,
        `query (${PAGING}, $sort: OrderSort) { orders(${ARGUMENTS}, sort: $sort) { ${connectionFields('number')} } }`,
        variables,
      )
    ).data.orders,
  'User.orders': async (variables: Record<string, unknown>) =>
    (
      await shop.ask<{ _entities: [{ orders: Numbers }] }>(
        staff,
        `query (${PAGING}, $sort: OrderSort, $user: [_Any!]!) { _entities(representations: $user) {
          ... on User { orders(${ARGUMENTS}, sort: $sort) { ${connectionFields('number')} } } } }`,
        { ...variables, user: [{ __typename: 'User', id: toGlobalId('User', userId(1)) }] },
      )
    ).data._entities[0].orders,
};

describe.each(Object.entries(LISTS))('%s', (_name, page) => {
  it.each(SORTS)('gives every order once by $field $direction, in both directions', async (sort) => {
    for (const size of [1, 7, 25, 100]) {
      for (const direction of ['forward', 'backward'] as const) {
        const nodes = await walkConnection((args) => page({ ...args, sort }), size, direction);
        expect(nodes.map(({ number }) => number)).toEqual(sorted(sort));
      }
    }
  });

  it('gives the newest first when nothing is said, and 20 of them', async () => {
    const { edges, pageInfo } = await page({});
    expect(edges.map(({ node }) => node.number)).toEqual(
      sorted({ field: 'PLACED_AT', direction: 'DESC' }).slice(0, 20),
    );
    expect(pageInfo.hasNextPage).toBe(true);
  });

  it('tells of an empty page whether there is more', async () => {
    expect(await page({ first: 0 })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });
});

describe('Order.history', () => {
  it('gives every event once, oldest first, in both directions', async () => {
    const page = async (args: object) =>
      (
        await shop.ask<{ order: { history: ConnectionPage<{ at: string; reason: string }> } }>(
          staff,
          `query ($id: ID!, ${PAGING}) { order(id: $id) { history(${ARGUMENTS}) { ${connectionFields('at reason')} } } }`,
          { ...args, id: toGlobalId('Order', orderId(0)) },
        )
      ).data.order.history;
    const forward = await walkConnection(page, 2, 'forward');
    expect(new Set(forward.map(({ reason }) => reason)).size).toBe(STATUSES.length);
    expect(forward.map(({ at }) => at)).toEqual(forward.map(({ at }) => at).sort());
    expect(await walkConnection(page, 2, 'backward')).toEqual(forward);
  });
});
