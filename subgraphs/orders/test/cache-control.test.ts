import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer, type TestViewer } from '@tributary/testing';
import {
  cartId,
  customer,
  insertCarts,
  insertOrders,
  orderId,
  orderNumber,
  userId,
} from './support/fixtures.ts';
import { openShop, type Shop } from './support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await insertOrders(shop.prisma, 2);
  await insertCarts(shop.prisma, 2);
});
afterAll(() => shop?.close());

const STAFF = someViewer('STAFF');
const PRIVATE = 'max-age=60, private';
const entity = (type: string, id: string, fields: string) =>
  `_entities(representations: [{ __typename: "${type}", id: "${toGlobalId(type, id)}" }]) { ... on ${type} { ${fields} } }`;
const ORDER = `status total { amount } lines { title variant { id } unitPrice { amount } } customer { id }
  shippingAddress { city } payment { status amount { amount } } history { edges { node { to actor { id } } } }`;
const READS: [what: string, selection: string][] = [
  ['an order', `order(id: "${toGlobalId('Order', orderId(1))}") { ${ORDER} }`],
  ['an order by its number', `orderByNumber(number: "${orderNumber(1)}") { status }`],
  ['the entity of an order', entity('Order', orderId(1), ORDER)],
  ['orders', entity('User', userId(1), 'orders { totalCount edges { node { number } } }')],
  ['their cart, by their account', entity('User', userId(1), 'cart { lines { quantity variant { id } } }')],
  ['the entity of a cart', entity('Cart', cartId(1), 'updatedAt lines { quantity }')],
];

async function headerOf(viewer: TestViewer | null, selection: string): Promise<string | null> {
  const { errors, headers } = await shop.ask(viewer, `{ ${selection} }`);
  expect(errors).toBeUndefined();
  return headers.get('cache-control');
}

describe.each(READS)('%s', (_what, selection) => {
  it('is kept for the customer alone', async () => {
    expect(await headerOf(customer(1), selection)).toBe(PRIVATE);
  });

  it('is kept by no staff: that they read it is written down each time', async () => {
    expect(await headerOf(STAFF, selection)).toBe('no-store');
  });
});

it('a cart is kept for its owner, and that there is none by nobody', async () => {
  const cart = 'cart { lines { quantity } }';
  expect(await headerOf(customer(1), cart)).toBe(PRIVATE);
  expect(await headerOf(customer(7), cart)).toBe('no-store');
  expect(await headerOf(null, cart)).toBe('no-store');
  expect(await headerOf(customer(7), entity('User', userId(7), 'cart { id }'))).toBe('no-store');
});

it('that an order is not there, or not for them to see, is kept by nobody', async () => {
  expect(await headerOf(customer(2), `order(id: "${toGlobalId('Order', orderId(1))}") { status }`)).toBe(
    'no-store',
  );
});

it('lists for staff are kept by nobody', async () => {
  expect(await headerOf(STAFF, 'orders { edges { node { number } } }')).toBe('no-store');
  expect(await headerOf(STAFF, 'orders(filter: { status: [] }) { edges { node { number } } }')).toBe(
    'no-store',
  );
});
