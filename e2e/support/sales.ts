import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, AnswerError } from '@tributary/testing/outside-jest';
import type { Buyer } from './buyers.ts';

/** An order that a buyer was told of. */
export interface Sale {
  buyer: Buyer;
  /** The idempotency key. */
  key: string;
  /** Global id of the order. */
  orderId: string;
}

/** Sends an operation to the gateway; rejects when there is no answer at all. */
export type Ask = <Data>(
  query: string,
  options: { variables: Record<string, unknown>; headers: Record<string, string> },
) => Promise<Pick<Answer<Data>, 'data' | 'errors'>>;

export interface SaleOptions {
  ask: Ask;
  /** The header that signs a user in. */
  authorizationOf(userId: string): Promise<Record<string, string>>;
  /** Told of each answer that was none: the errors; null for a connection that broke. */
  onFailure?(errors: readonly AnswerError[] | null): void;
  /** Milliseconds until it is given up. @default 60000 */
  patience?: number;
}

const PATIENCE = 60_000; // 1 minute
const BETWEEN_TRIES = 100; // milliseconds

const ORDER_PLACE = `mutation Place($input: OrderPlaceInput!) {
  orderPlace(input: $input) { order { id } userErrors { __typename } }
}`;
interface Placed {
  orderPlace: { order: { id: string } | null; userErrors: { __typename: string }[] } | null;
}

/**
 * Has a buyer order what is in their cart, as a client would: where there was no answer, it asks again with the same
 * key.
 *
 * @param minorUnits - what they expect to pay
 * @throws when it is refused, or there is no answer for a long time
 */
export async function sell(buyer: Buyer, minorUnits: number, options: SaleOptions): Promise<Sale> {
  const { ask, authorizationOf, onFailure = () => undefined, patience = PATIENCE } = options;
  const key = randomUUID();
  const deadline = Date.now() + patience;
  const input = {
    idempotencyKey: key,
    shippingAddressId: buyer.addressId,
    expectedTotal: { minorUnits, currency: 'USD' },
  };
  for (;;) {
    const headers = await authorizationOf(buyer.userId);
    const answer = await ask<Placed>(ORDER_PLACE, { variables: { input }, headers }).catch(() => null);
    const placed = answer?.data?.orderPlace;
    if (placed?.order) return { buyer, key, orderId: placed.order.id };
    if (placed) throw new Error(`refused: ${JSON.stringify(placed.userErrors)}`);
    onFailure(answer?.errors ?? null);
    if (Date.now() > deadline) throw new Error(`no answer: ${JSON.stringify(answer?.errors)}`);
    await pause(BETWEEN_TRIES);
  }
}
