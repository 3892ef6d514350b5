import { toGlobalId } from '@tributary/subgraph-kit';
import type { Answer, TestViewer } from '@tributary/testing';
import type { Checkpoint } from '../../src/services/placing/checkpoint.ts';
import { startAddressBook } from './address-book.ts';
import { addressId, customer, variantId } from './fixtures.ts';
import { openShop, type Shop } from './shop.ts';
import type { StandIn } from './stand-in.ts';
import { startWarehouse, type Warehouse } from './warehouse.ts';

/** A shop with what stands for its neighbours. */
export interface Market {
  shop: Shop;
  warehouse: Warehouse;
  addressBook: StandIn;
  /** `SUBGRAPH_URLS` of whoever else is to have these neighbours. */
  subgraphUrls: string;
  close(): Promise<void>;
}

/** @param checkpoint - called between the steps of placing an order */
export async function openMarket(checkpoint?: Checkpoint): Promise<Market> {
  const warehouse = await startWarehouse();
  const addressBook = await startAddressBook();
  const subgraphUrls = `products=${warehouse.url},users=${addressBook.url}`;
  const shop = await openShop({ SUBGRAPH_URLS: subgraphUrls }, checkpoint);
  return {
    shop,
    warehouse,
    addressBook,
    subgraphUrls,
    async close() {
      await shop.close();
      await warehouse.close();
      await addressBook.close();
    },
  };
}

/** An error of a payload. */
export interface PayloadError {
  __typename: string;
  code: string;
  field: string[] | null;
  available?: number;
  variant?: { id: string } | null;
  cart?: CartAnswer | null;
}
export interface CartAnswer {
  id: string;
  updatedAt: string;
  lines: { id: string; quantity: number; variant: { id: string } }[];
}
export interface CartPayload {
  cart: CartAnswer | null;
  cartToken?: string | null;
  userErrors: PayloadError[];
}
export interface PlacePayload {
  order: {
    id: string;
    number: string;
    status: string;
    total: { minorUnits: number; currency: string };
  } | null;
  userErrors: PayloadError[];
}

const CART = 'id updatedAt lines { id quantity variant { id } }';
const ERRORS = `userErrors { __typename ... on UserError { code field }
  ... on InsufficientStockError { available variant { id } }`;
const cartMutation = (name: string, type: string, more = '') =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { cart { ${CART} } ${more} ${ERRORS} } } }`;
const MUTATIONS = {
  cartLineAdd: cartMutation('cartLineAdd', 'CartLineAddInput', 'cartToken'),
  cartLineUpdate: cartMutation('cartLineUpdate', 'CartLineUpdateInput'),
  cartLineRemove: cartMutation('cartLineRemove', 'CartLineRemoveInput'),
  cartMerge: cartMutation('cartMerge', 'CartMergeInput'),
};
const PLACE = `mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) {
  order { id number status total { minorUnits currency } }
  ${ERRORS} ... on PriceChangedError { cart { ${CART} } } } } }`;

/** A way of sending operations. */
export type Ask = Shop['ask'];

/** Changes a cart, and must not fail. */
export async function changeCart(
  ask: Ask,
  viewer: TestViewer | null,
  mutation: keyof typeof MUTATIONS,
  input: Record<string, unknown>,
): Promise<CartPayload> {
  const { data, errors } = await ask<Record<string, CartPayload>>(viewer, MUTATIONS[mutation], { input });
  if (errors || !data?.[mutation]) throw new Error(JSON.stringify(errors));
  return data[mutation];
}

/** The global id of the n-th variant. */
export const variant = (n: number) => toGlobalId('ProductVariant', variantId(n));

/** Puts pieces of the n-th variant into a user's cart. */
export const add = (ask: Ask, viewer: TestViewer | null, n: number, quantity = 1, cartToken?: string) =>
  changeCart(ask, viewer, 'cartLineAdd', {
    variantId: variant(n),
    quantity,
    cartToken,
  });

/** What user n asks to be ordered: `minorUnits` of euros, to their address. */
export const placing = (n: number, minorUnits: number, changes: Record<string, unknown> = {}) => ({
  idempotencyKey: `a key of user ${n}`,
  shippingAddressId: toGlobalId('Address', addressId(n)),
  expectedTotal: { minorUnits, currency: 'EUR' },
  ...changes,
});

/** Has user n place an order. */
export const place = (
  ask: Ask,
  n: number,
  input: Record<string, unknown>,
): Promise<Answer<{ orderPlace: PlacePayload | null }>> => ask(customer(n), PLACE, { input });

/** As `place`, which must not fail; what the service says can be tried again is, up to ten times. */
export async function placed(ask: Ask, n: number, input: Record<string, unknown>): Promise<PlacePayload> {
  for (let tries = 1; ; tries++) {
    const { data, errors = [] } = await place(ask, n, input);
    if (errors.length === 0 && data?.orderPlace) return data.orderPlace;
    const isRetryable = errors.length > 0 && errors.every(({ extensions }) => extensions?.retryable === true);
    if (!isRetryable || tries === 10) throw new Error(JSON.stringify(errors));
  }
}
