import { createHash } from 'node:crypto';
import type { CurrencyCode } from '@tributary/subgraph-kit';

/** What a customer asks to be ordered. Ids are uuids. */
export interface PlaceOrderRequest {
  idempotencyKey: string;
  shippingAddressId: string;
  expectedTotal: { minorUnits: number; currency: CurrencyCode };
  /** The cart that the customer saw; null when they did not say. */
  cartId: string | null;
}

/** SHA-256 of all that makes it another request under the same key. */
export const hashOfRequest = ({ shippingAddressId, expectedTotal, cartId }: PlaceOrderRequest): Uint8Array =>
  createHash('sha256')
    .update(JSON.stringify([shippingAddressId, expectedTotal.minorUnits, expectedTotal.currency, cartId]))
    .digest();
