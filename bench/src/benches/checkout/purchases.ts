import { toGlobalId } from '@tributary/subgraph-kit';
import { customerToken, type Keys } from '../../federation/keys.ts';
import { type HttpRequest, toHttp } from '../../harness/load/request.ts';
import type { Buyer } from './buyers.ts';
import { CURRENCY } from './catalogue.ts';

const ORDER_PLACE = `mutation OrderPlace($input: OrderPlaceInput!) {
  orderPlace(input: $input) {
    userErrors { ... on UserError { message } }
    order { id number status total { minorUnits currency } }
  }
}`;

/** What the answer has when an order was placed, and only then. */
export const PLACED = '{"orderPlace":{"userErrors":[],"order":{"id":"';

/** A buyer's one request: their token, and their cart at the price that they saw. */
export const purchase = async (buyer: Buyer, keys: Keys): Promise<HttpRequest> =>
  toHttp({
    query: ORDER_PLACE,
    variables: {
      input: {
        idempotencyKey: buyer.idempotencyKey,
        shippingAddressId: toGlobalId('Address', buyer.addressId),
        expectedTotal: { minorUnits: buyer.total, currency: CURRENCY },
      },
    },
    token: await customerToken(buyer.userId, keys),
  });

/** Buyers with what they are going to send. */
export interface Crowd {
  buyers: readonly Buyer[];
  /** One for each. */
  requests: readonly HttpRequest[];
}

/** Signs buyers in, and has them ready to buy. */
export const signIn = async (buyers: readonly Buyer[], keys: Keys): Promise<Crowd> => ({
  buyers,
  requests: await Promise.all(buyers.map((buyer) => purchase(buyer, keys))),
});
