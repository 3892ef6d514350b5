import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrderStatus } from '@tributary/prisma/orders/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer } from '@tributary/testing';
import {
  cartLineId,
  customer,
  insertCarts,
  insertOrders,
  orderId,
  orderRow,
  userId,
  variantId,
} from './support/fixtures.ts';
import { openShop, type Shop } from './support/shop.ts';

const staff = someViewer('STAFF');
const NEXT: Record<OrderStatus, OrderStatus[]> = {
  PENDING_PAYMENT: ['PAID', 'CANCELLED'],
  PAID: ['FULFILLED', 'CANCELLED', 'REFUNDED'],
  FULFILLED: ['DELIVERED', 'REFUNDED'],
  DELIVERED: ['REFUNDED'],
  CANCELLED: [],
  REFUNDED: [],
};

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await insertOrders(shop.prisma, 1);
  await insertCarts(shop.prisma, 2);
});
afterAll(() => shop.close());

describe('an order', () => {
  it('is what was bought, then', async () => {
    const { data, errors } = await shop.ask(
      customer(0),
      `query ($id: ID!) { order(id: $id) {
        id number status customer { id } placedAt updatedAt
        total { minorUnits amount currency }
        lines { sku title quantity variant { id } unitPrice { amount } lineTotal { minorUnits amount currency } }
        shippingAddress { recipient line1 line2 city region postalCode countryCode }
        history { edges { node { from to actor { id } reason at } } }
      } }`,
      { id: toGlobalId('Order', orderId(0)) },
    );
    const line = (position: number, lineTotal: object) => ({
      sku: `SKU-${position}`,
      title: `Thing ${position}`,
      quantity: position + 1,
      variant: { id: toGlobalId('ProductVariant', variantId(position)) },
      unitPrice: { amount: '3.50' },
      lineTotal,
    });
    const customerReference = { id: toGlobalId('User', userId(0)) };
    expect(errors).toBeUndefined();
    expect(data.order).toEqual({
      id: toGlobalId('Order', orderId(0)),
      number: 'TR-2K7D-0000',
      status: 'PAID',
      customer: customerReference,
      placedAt: '2025-01-01T00:00:00.000Z',
      updatedAt: '2025-01-01T00:00:00.000Z',
      total: { minorUnits: 1050, amount: '10.50', currency: 'EUR' },
      lines: [
        line(0, { minorUnits: 350, amount: '3.50', currency: 'EUR' }),
        line(1, { minorUnits: 700, amount: '7.00', currency: 'EUR' }),
      ],
      shippingAddress: {
        recipient: 'Ada Lovelace',
        line1: '12 St James’s Square',
        line2: null,
        city: 'London',
        region: null,
        postalCode: 'SW1Y 4JH',
        countryCode: 'GB',
      },
      history: {
        edges: [
          {
            node: {
              from: null,
              to: 'PENDING_PAYMENT',
              actor: customerReference,
              reason: null,
              at: '2025-01-01T12:00:00.000Z',
            },
          },
          {
            node: {
              from: 'PENDING_PAYMENT',
              to: 'PAID',
              actor: null,
              reason: null,
              at: '2025-01-01T12:01:00.000Z',
            },
          },
        ],
      },
    });
  });

  it.each(Object.entries(NEXT))('that is %s tells which statuses can follow', async (status, next) => {
    const id = toGlobalId('Order', orderId(0));
    await shop.prisma.order.update({ where: { id: orderId(0) }, data: { status: status as OrderStatus } });
    const { data } = await shop.ask(staff, 'query ($id: ID!) { order(id: $id) { status nextStatuses } }', {
      id,
    });
    expect(data).toEqual({ order: { status, nextStatuses: next } });
  });
});

describe('a cart', () => {
  it('shows what was put in first at first', async () => {
    const { data } = await shop.ask(customer(1), '{ cart { lines { id quantity variant { id } } } }');
    expect(data.cart).toEqual({
      lines: [3, 2].map((n, place) => ({
        id: toGlobalId('CartLine', cartLineId(n)),
        quantity: place + 1,
        variant: { id: toGlobalId('ProductVariant', variantId(place)) },
      })),
    });
  });
});

describe('a filter', () => {
  beforeAll(async () => {
    // Orders 1 to 6: one in each status, placed a minute apart.
    await shop.prisma.order.deleteMany();
    await shop.prisma.order.createMany({
      data: (Object.keys(NEXT) as OrderStatus[]).map((status, index) =>
        orderRow(index + 1, { status, userId: userId(9) }),
      ),
    });
  });

  const at = (minute: number) => new Date(Date.UTC(2025, 0, 1, 0, minute)).toISOString();

  it.each<[object | null, number[]]>([
    [null, [6, 5, 4, 3, 2, 1]],
    [{}, [6, 5, 4, 3, 2, 1]],
    [{ status: null, placedAfter: null, placedBefore: null }, [6, 5, 4, 3, 2, 1]],
    [{ status: [] }, []],
    [{ status: ['PAID'] }, [2]],
    [{ status: ['PAID', 'PAID'] }, [2]],
    [{ status: ['REFUNDED', 'PENDING_PAYMENT'] }, [6, 1]],
    [{ placedAfter: at(5) }, [6, 5]],
    [{ placedBefore: at(2) }, [1]],
    [{ placedAfter: at(2), placedBefore: at(4) }, [3, 2]],
    [{ placedAfter: '2025-01-01T01:05:00+01:00' }, [6, 5]],
    [{ status: ['PAID'], placedAfter: at(3) }, []],
    [{ placedAfter: '9999-12-31T23:59:59.999Z' }, []],
  ])('%j lists and counts the orders that fit', async (filter, expected) => {
    const list = 'totalCount edges { node { id } }';
    const { data, errors } = await shop.ask(
      staff,
      `query ($filter: OrderFilter, $user: [_Any!]!) {
        orders(filter: $filter) { ${list} }
        _entities(representations: $user) { ... on User { orders(filter: $filter) { ${list} } } }
      }`,
      { filter, user: [{ __typename: 'User', id: toGlobalId('User', userId(9)) }] },
    );
    const page = (numbers: number[]) => ({
      totalCount: numbers.length,
      edges: numbers.map((n) => ({ node: { id: toGlobalId('Order', orderId(n)) } })),
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ orders: page(expected), _entities: [{ orders: page(expected) }] });
  });
});
