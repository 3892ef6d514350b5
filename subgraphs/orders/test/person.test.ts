import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { graphql, serviceHeaders, someViewer } from '@tributary/testing';
import {
  customer,
  insertCarts,
  insertOrders,
  orderId,
  orderNumber,
  orderRow,
  userId,
} from './support/fixtures.ts';
import { openShop, type Shop } from './support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
beforeEach(async () => {
  await shop.prisma.order.deleteMany();
  await shop.prisma.cart.deleteMany();
  await insertOrders(shop.prisma, 3);
  await insertCarts(shop.prisma, 3);
});

const ask = async <Data>(query: string, variables: Record<string, unknown>) => {
  const headers = await serviceHeaders('users');
  const { data, errors } = await graphql<Data>(shop.subgraph.url, { query, variables, headers });
  expect(errors).toBeUndefined();
  return data;
};
const ERASE = 'mutation ($user: ID!) { personErase(userId: $user) { done } }';
const READ = `query ($user: ID!, $after: String) {
  personData(userId: $user, after: $after) { document endCursor }
}`;
const USER = toGlobalId('User', userId(1));
const erase = async () =>
  (await ask<{ personErase: { done: boolean } }>(ERASE, { user: USER })).personErase.done;

interface PersonData {
  document: Record<string, Record<string, unknown>[]>;
  endCursor: string | null;
}
const read = async (user = USER, after: string | null = null) =>
  (await ask<{ personData: PersonData }>(READ, { user, after })).personData;

const rows = () =>
  shop.prisma.order.findMany({
    orderBy: { id: 'asc' },
    include: { lines: { orderBy: { id: 'asc' } }, events: { orderBy: { id: 'asc' } } },
  });
const ERASED = {
  shipToRecipient: '—',
  shipToLine1: '—',
  shipToLine2: null,
  shipToCity: '—',
  shipToPostalCode: '—',
};

describe('personErase', () => {
  it.each(['DELIVERED', 'CANCELLED', 'REFUNDED'] as const)(
    'takes name and address off what is %s, and leaves the accounts',
    async (status) => {
      await shop.prisma.order.update({
        where: { id: orderId(1) },
        data: { status, shipToLine2: 'Flat 3', shipToRegion: 'Greater London' },
      });
      await shop.prisma.orderEvent.updateMany({
        where: { orderId: orderId(1), actorId: userId(1) },
        data: { reason: 'Too late' },
      });
      const before = await rows();
      expect(await erase()).toBe(true);
      expect(await rows()).toEqual(
        before.map((order) =>
          order.id === orderId(1)
            ? { ...order, ...ERASED, events: order.events.map((event) => ({ ...event, reason: null })) }
            : order,
        ),
      );
      expect(await shop.prisma.cart.findMany({ where: { userId: userId(1) } })).toEqual([]);
      expect(await shop.prisma.cart.count()).toBe(2);
    },
  );

  it.each(['PENDING_PAYMENT', 'PAID', 'FULFILLED'] as const)(
    'leaves the address while the order is %s, and says so',
    async (status) => {
      await shop.prisma.order.update({ where: { id: orderId(1) }, data: { status } });
      const before = await rows();
      expect(await erase()).toBe(false);
      expect(await rows()).toEqual(before);
      await shop.prisma.order.update({ where: { id: orderId(1) }, data: { status: 'DELIVERED' } });
      expect(await erase()).toBe(true);
      expect((await rows())[1]).toMatchObject(ERASED);
    },
  );

  it('is harmless again, also at once, and noted when it did something', async () => {
    await shop.prisma.order.update({ where: { id: orderId(1) }, data: { status: 'DELIVERED' } });
    const since = new Date();
    expect(await Promise.all([erase(), erase(), erase()])).toEqual([true, true, true]);
    const erased = await rows();
    expect(await erase()).toBe(true);
    expect(await rows()).toEqual(erased);
    const entries = await shop.prisma.auditEntry.findMany({
      where: { action: 'person.erase', at: { gte: since } },
    });
    expect(entries).toEqual([
      expect.objectContaining({
        service: 'users',
        actorId: null,
        subjectId: userId(1),
        details: { carts: 1, addresses: 1, reasons: 0 },
      }),
    ]);
  });

  it('leaves what staff wrote', async () => {
    await shop.prisma.orderEvent.updateMany({ data: { reason: 'Paid by bank', actorId: userId(7) } });
    await erase();
    expect(await shop.prisma.orderEvent.count({ where: { reason: 'Paid by bank' } })).toBe(6);
  });
});

describe('personData', () => {
  it('is what there is of the person', async () => {
    const { document, endCursor } = await read();
    expect(endCursor).toBeNull();
    expect(document.carts).toEqual([
      {
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
        lines: [
          { variant: expect.any(String), quantity: 1 },
          { variant: expect.any(String), quantity: 2 },
        ],
      },
    ]);
    expect(document.orders).toEqual([
      {
        number: orderNumber(1),
        status: 'PAID',
        placedAt: '2025-01-01T00:01:00.000Z',
        updatedAt: '2025-01-01T00:01:00.000Z',
        total: { minorUnits: 1050, amount: '10.50', currency: 'EUR' },
        shippingAddress: {
          recipient: 'Ada Lovelace',
          line1: '12 St James’s Square',
          line2: null,
          city: 'London',
          region: null,
          postalCode: 'SW1Y 4JH',
          countryCode: 'GB',
        },
        lines: [
          expect.objectContaining({ sku: 'SKU-0', title: 'Thing 0', quantity: 1 }),
          expect.objectContaining({ sku: 'SKU-1', title: 'Thing 1', quantity: 2 }),
        ],
        history: [
          expect.objectContaining({ from: null, to: 'PENDING_PAYMENT', by: 'you' }),
          expect.objectContaining({ from: 'PENDING_PAYMENT', to: 'PAID', by: 'the shop’s system' }),
        ],
        payment: null,
      },
    ]);
  });

  it('comes in parts, with every order in one of them', async () => {
    await shop.prisma.order.createMany({
      data: Array.from({ length: 420 }, (_, n) => orderRow(n + 10)),
    });
    const numbers: unknown[] = [];
    const sizes: number[] = [];
    let after: string | null = null;
    do {
      const { document, endCursor }: PersonData = await read(USER, after);
      expect(Object.keys(document)).toEqual(
        after === null ? ['carts', 'auditEntries', 'orders'] : ['orders'],
      );
      numbers.push(...(document.orders?.map(({ number }) => number) ?? []));
      sizes.push(document.orders?.length ?? 0);
      after = endCursor;
    } while (after !== null);
    expect(sizes).toEqual([200, 200, 21]);
    expect(new Set(numbers).size).toBe(421);
  });

  it('is empty for somebody unknown', async () => {
    expect(await read(toGlobalId('User', userId(99)))).toEqual({
      document: { carts: [], auditEntries: [], orders: [] },
      endCursor: null,
    });
  });
});

describe('both', () => {
  it.each([
    ['anonymous', null],
    ['the person', customer(1)],
    ['an administrator', someViewer('ADMIN')],
  ])('are not for %s', async (_who, viewer) => {
    const before = await rows();
    for (const query of [ERASE, READ]) {
      const { errors } = await shop.ask(viewer, query, { user: USER });
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    }
    expect(await rows()).toEqual(before);
    expect(await shop.prisma.cart.count()).toBe(3);
  });

  it.each([
    ['an order', toGlobalId('Order', orderId(1))],
    ['no id', 'x'],
  ])('refuse %s', async (_what, user) => {
    const headers = await serviceHeaders('users');
    for (const query of [ERASE, READ]) {
      const { errors } = await graphql(shop.subgraph.url, { query, variables: { user }, headers });
      expect(errors?.map(({ extensions }) => extensions?.reason)).toEqual(['INVALID_ID']);
    }
  });
});
