import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer } from '@tributary/testing';
import {
  cartId,
  cartLineId,
  customer,
  insertCarts,
  insertOrders,
  orderId,
  orderNumber,
  userId,
} from './support/fixtures.ts';
import { openShop, type Shop } from './support/shop.ts';

/** All of what is asked belongs to user 1; user 2 has an order and a cart too. */
const VIEWERS = {
  anonymous: null,
  owner: customer(1),
  'another customer': customer(2),
  staff: someViewer('STAFF'),
  admin: someViewer('ADMIN'),
};
type Who = keyof typeof VIEWERS;
/** `sees` it, gets `null` without an error, or is refused with a code. */
type Outcome = 'sees' | 'null' | 'UNAUTHENTICATED' | 'FORBIDDEN';

const PRIVATE: Record<Who, Outcome> = {
  anonymous: 'UNAUTHENTICATED',
  owner: 'sees',
  'another customer': 'null',
  staff: 'sees',
  admin: 'sees',
};
/** References may come from any list, so that nobody is refused for what stands in it. */
const REFERENCE: Record<Who, Outcome> = { ...PRIVATE, anonymous: 'null' };

const ORDER_FIELDS = `id number status nextStatuses customer { id } placedAt updatedAt
  total { minorUnits amount currency }
  lines { id sku title quantity variant { id } unitPrice { amount } lineTotal { amount } }
  shippingAddress { recipient line1 line2 city region postalCode countryCode }
  history { edges { node { id from to actor { id } reason at } } }`;
const CART_FIELDS = 'id updatedAt lines { id quantity variant { id } }';
const reference = (type: string, uuid: string, selection: string) =>
  `_entities(representations: [{ __typename: "${type}", id: "${toGlobalId(type, uuid)}" }]) { ... on ${type} { ${selection} } }`;

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await insertOrders(shop.prisma, 3);
  await insertCarts(shop.prisma, 3);
});
afterAll(() => shop.close());

const TABLE: [name: string, query: string, value: string, outcomes: Record<Who, Outcome>][] = [
  ['order', `order(id: "${toGlobalId('Order', orderId(1))}") { ${ORDER_FIELDS} }`, 'order', PRIVATE],
  [
    'orderByNumber',
    `orderByNumber(number: "${orderNumber(1)}") { ${ORDER_FIELDS} }`,
    'orderByNumber',
    PRIVATE,
  ],
  [
    'orders',
    `orders { totalCount edges { node { ${ORDER_FIELDS} } } }`,
    'orders',
    { ...PRIVATE, owner: 'FORBIDDEN', 'another customer': 'FORBIDDEN' },
  ],
  [
    'User.orders',
    reference('User', userId(1), `orders { totalCount edges { node { ${ORDER_FIELDS} } } }`),
    '_entities.0.orders',
    PRIVATE,
  ],
  ['User.cart', reference('User', userId(1), `cart { ${CART_FIELDS} }`), '_entities.0.cart', PRIVATE],
  ['a reference to an Order', reference('Order', orderId(1), ORDER_FIELDS), '_entities.0', REFERENCE],
  ['a reference to a Cart', reference('Cart', cartId(1), CART_FIELDS), '_entities.0', REFERENCE],
  [
    'a reference to a CartLine',
    reference('CartLine', cartLineId(2), 'id quantity variant { id }'),
    '_entities.0',
    REFERENCE,
  ],
  [
    'a reference to a User',
    reference('User', userId(1), 'id'),
    '_entities.0',
    { anonymous: 'sees', owner: 'sees', 'another customer': 'sees', staff: 'sees', admin: 'sees' },
  ],
];

describe.each(TABLE)('%s', (_name, query, path, outcomes) => {
  it.each(Object.keys(VIEWERS) as Who[])(`%s`, async (who) => {
    const { data, errors } = await shop.ask(VIEWERS[who], `{ ${query} }`);
    const value = path
      .split('.')
      .reduce<unknown>((parent, key) => (parent as Record<string, unknown>)?.[key], data);
    const outcome = errors ? errors[0]?.extensions?.code : value === null ? 'null' : 'sees';
    expect(outcome).toBe(outcomes[who]);
    if (outcome !== 'sees') expect(value).toBeNull();
  });
});

describe('Query.cart', () => {
  const cart = async (who: Who) => (await shop.ask(VIEWERS[who], `{ cart { ${CART_FIELDS} } }`)).data;

  it('is the viewer’s own, and null when it was never used', async () => {
    expect(await cart('owner')).toMatchObject({ cart: { id: toGlobalId('Cart', cartId(1)) } });
    expect(await cart('another customer')).toMatchObject({ cart: { id: toGlobalId('Cart', cartId(2)) } });
    expect(await cart('staff')).toEqual({ cart: null });
  });

  it('is null for nobody', async () => {
    expect(await cart('anonymous')).toEqual({ cart: null });
  });
});
