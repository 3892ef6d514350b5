import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer } from '@tributary/testing';
import { insertOrders, orderId, userId } from './support/fixtures.ts';
import { openShop, type Shop } from './support/shop.ts';

const staff = someViewer('STAFF');
const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const NEWEST = 'orders PLACED_AT DESC';
const TIME = '2025-01-01T00:00:00.000Z';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await insertOrders(shop.prisma, 3);
});
afterAll(() => shop.close());

describe('arguments', () => {
  it.each([
    ['first: 101', 'INVALID_PAGINATION', 'first'],
    ['first: 1000', 'INVALID_PAGINATION', 'first'],
    ['first: -1', 'INVALID_PAGINATION', 'first'],
    ['last: -1', 'INVALID_PAGINATION', 'last'],
    ['first: 1, last: 1', 'INVALID_PAGINATION', 'last'],
    ['first: 1, before: "x"', 'INVALID_PAGINATION', 'first'],
    ['last: 1, after: "x"', 'INVALID_PAGINATION', 'after'],
    ['after: "x", before: "x"', 'INVALID_PAGINATION', 'before'],
    ['after: ""', 'INVALID_CURSOR', 'after'],
    ['after: "no cursor 👋"', 'INVALID_CURSOR', 'after'],
    ['before: "\'; DROP TABLE orders; --"', 'INVALID_CURSOR', 'before'],
    [`after: "${cursor(NEWEST, TIME)}"`, 'INVALID_CURSOR', 'after'],
    [`after: "${cursor(NEWEST, '2025-13-01T00:00:00.000Z', orderId(1))}"`, 'INVALID_CURSOR', 'after'],
    [`after: "${cursor(NEWEST, '0000-01-01T00:00:00.000Z', orderId(1))}"`, 'INVALID_CURSOR', 'after'],
    [`after: "${cursor(NEWEST, TIME, 'x')}"`, 'INVALID_CURSOR', 'after'],
    [`after: "${cursor('orders TOTAL DESC', '1', orderId(1))}"`, 'INVALID_CURSOR', 'after'],
    [`after: "${cursor('orders PLACED_AT ASC', TIME, orderId(1))}"`, 'INVALID_CURSOR', 'after'],
    [
      `filter: { placedAfter: "${TIME}", placedBefore: "${TIME}" }`,
      'INVALID_ARGUMENT',
      'filter.placedBefore',
    ],
    ['filter: { placedAfter: "0000-01-01T00:00:00Z" }', 'INVALID_ARGUMENT', 'filter.placedAfter'],
    ['filter: { placedBefore: "0000-01-01T00:00:00Z" }', 'INVALID_ARGUMENT', 'filter.placedBefore'],
    ['filter: { placedAfter: "9999-12-31T23:00:00-01:00" }', 'INVALID_ARGUMENT', 'filter.placedAfter'],
    ['filter: { placedBefore: "9999-12-31T23:00:00-01:00" }', 'INVALID_ARGUMENT', 'filter.placedBefore'],
  ])('refuses %s in every list of orders', async (args, reason, argument) => {
    const { status, data, errors } = await shop.ask(
      staff,
      `query ($user: [_Any!]!) {
        orders(${args}) { edges { cursor } }
        _entities(representations: $user) { ... on User { orders(${args}) { edges { cursor } } } }
      }`,
      { user: [{ __typename: 'User', id: toGlobalId('User', userId(1)) }] },
    );
    expect(status).toBe(200);
    expect(data).toEqual({ orders: null, _entities: [{ orders: null }] });
    const extensions = { code: 'BAD_USER_INPUT', reason, argument };
    expect(errors?.map((error) => error.extensions)).toEqual([extensions, extensions]);
  });

  it.each([
    'sort: { field: NAME }',
    'sort: { field: TOTAL, direction: UP }',
    'filter: { status: [LOST] }',
    'filter: { placedAfter: "yesterday" }',
    'first: 99999999999',
    'first: "1"',
  ])('refuses %s before anything runs', async (args) => {
    const { status, errors } = await shop.ask(staff, `{ orders(${args}) { edges { cursor } } }`);
    expect(status).toBe(400);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('costs a field with a bad cursor, and not its neighbour', async () => {
    const { data, errors } = await shop.ask(
      staff,
      `query ($id: ID!) { order(id: $id) { number } other: orders(first: 1) { edges { node {
        good: history(first: 1) { edges { node { to } } }
        customer { good: orders(first: 1) { totalCount } bad: orders(after: "x") { totalCount } }
      } } } }`,
      { id: toGlobalId('Order', orderId(1)) },
    );
    expect(data).toEqual({
      order: { number: 'TR-2K7D-0001' },
      other: {
        edges: [
          {
            node: {
              good: { edges: [{ node: { to: 'PENDING_PAYMENT' } }] },
              customer: { good: { totalCount: 1 }, bad: null },
            },
          },
        ],
      },
    });
    expect(errors).toHaveLength(1);
  });
});

describe('ids', () => {
  it.each([
    ['malformed', '!'],
    ['empty', ''],
    ['of another type', toGlobalId('User', orderId(1))],
    ['a bare uuid', orderId(1)],
    ['no uuid', toGlobalId('Order', 'x')],
    ['in upper case', toGlobalId('Order', orderId(1).toUpperCase())],
    ['SQL', "' OR 1=1 --"],
    ['10 kB long', 'x'.repeat(10_000)],
    ['an emoji', '👋'],
  ])('refuses one that is %s', async (_case, id) => {
    const { data, errors } = await shop.ask(staff, 'query ($id: ID!) { order(id: $id) { id } }', { id });
    expect(data).toEqual({ order: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'BAD_USER_INPUT', reason: 'INVALID_ID', argument: 'id' },
    ]);
  });

  it('answers null to one that nothing has', async () => {
    const id = toGlobalId('Order', orderId(999));
    const { data, errors } = await shop.ask(staff, 'query ($id: ID!) { order(id: $id) { id } }', { id });
    expect({ data, errors }).toEqual({ data: { order: null }, errors: undefined });
  });
});

describe('order numbers', () => {
  const byNumber = (number: string) =>
    shop.ask(staff, 'query ($number: String!) { orderByNumber(number: $number) { number } }', { number });

  it.each(['TR-2K7D-0001', ' tr-2k7d-0001\n'])('finds %j', async (number) => {
    expect((await byNumber(number)).data).toEqual({ orderByNumber: { number: 'TR-2K7D-0001' } });
  });

  it('answers null to one that no order has', async () => {
    const { data, errors } = await byNumber('TR-0000-0000');
    expect({ data, errors }).toEqual({ data: { orderByNumber: null }, errors: undefined });
  });

  it.each([
    ['empty', ''],
    ['cut off', 'TR-2K7D'],
    ['with a letter O', 'TR-2K7D-00O1'],
    ['SQL', "TR-2K7D-0001' --"],
    ['an emoji', '👋'],
    ['10 kB long', 'x'.repeat(10_000)],
  ])('refuses one that is %s', async (_case, number) => {
    const { data, errors } = await byNumber(number);
    expect(data).toEqual({ orderByNumber: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: 'BAD_USER_INPUT', reason: 'INVALID_ARGUMENT', argument: 'number' },
    ]);
  });
});
