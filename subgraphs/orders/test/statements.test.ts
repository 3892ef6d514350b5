import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { countStatements, someViewer } from '@tributary/testing';
import { cartId, cartLineId, insertCarts, insertOrders, orderId, userId } from './support/fixtures.ts';
import { openShop, type Shop } from './support/shop.ts';

const staff = someViewer('STAFF');
const ORDER = `number total { amount } customer { id }
  lines { title variant { id } } history(first: 5) { edges { node { to actor { id } } } }`;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await insertOrders(shop.prisma, 100);
  await insertCarts(shop.prisma, 100);
});
afterAll(() => shop.close());

/** Counts the statements of an operation that must not fail. */
async function statementsOf(query: string, variables: Record<string, unknown>) {
  const { result, statements } = await countStatements([shop.subgraph.metrics], () =>
    shop.ask<Record<string, unknown>>(staff, query, variables),
  );
  expect(result.errors).toBeUndefined();
  return { data: result.data, statements };
}

// What staff read of customers is written down by one statement more.
describe('statements, for 1 and for 100', () => {
  it.each([
    ['orders', 2, 'edges { node { number customer { id } } }'],
    ['orders → lines → variant', 3, 'edges { node { lines { title variant { id } } } }'],
    ['orders → history → actor', 3, 'edges { node { history { edges { node { to actor { id } } } } } }'],
    ['orders → lines and history, with the count', 5, `totalCount edges { node { ${ORDER} } }`],
    [
      'orders → customer → orders → lines',
      4,
      'edges { node { customer { orders { edges { node { lines { sku } } } } } } }',
    ],
    [
      'orders → customer → cart → lines, with a note that staff has read it',
      4,
      'edges { node { customer { cart { lines { quantity } } } } }',
    ],
    [
      'orders → customer → orders counted in two ways',
      6,
      `edges { node { customer { orders { totalCount edges { cursor } }
        paid: orders(filter: { status: [PAID] }) { totalCount edges { cursor } } } } }`,
    ],
  ])('%s: %i', async (_path, expected, selection) => {
    const query = `query ($first: Int!) { orders(first: $first) { ${selection} } }`;
    for (const first of [1, 100]) {
      expect((await statementsOf(query, { first })).statements).toBe(expected);
    }
  });

  it.each([
    ['Order', 2, 'number status nextStatuses', orderId],
    ['Order', 3, 'payment { status amount { amount } }', orderId],
    ['Order', 4, ORDER, orderId],
    ['Cart', 2, 'updatedAt', cartId],
    ['Cart', 3, 'lines { quantity variant { id } }', cartId],
    ['CartLine', 2, 'quantity variant { id }', cartLineId],
    ['User', 0, 'id', userId],
    ['User', 2, 'cart { id }', userId],
    ['User', 5, `orders(first: 5) { totalCount edges { node { ${ORDER} } } }`, userId],
  ])('references of %s: %i, for %s', async (type, expected, selection, idOf) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`;
    for (const count of [1, 100]) {
      const of = Array.from({ length: count }, (_, n) => ({
        __typename: type,
        id: toGlobalId(type, idOf(n)),
      }));
      const { data, statements } = await statementsOf(query, { of });
      expect(data._entities).toHaveLength(count);
      expect(data._entities).not.toContain(null);
      expect(statements).toBe(expected);
    }
  });
});
