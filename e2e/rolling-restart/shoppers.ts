import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '@tributary/testing';
import type { HttpsClient } from '../support/https-client.ts';
import type { Article } from '../support/shopping.ts';

const THINKING = 30; // milliseconds between a customer's rounds

/** Goes from users to orders, and from there to products. */
const CART = '{ viewer { id cart { lines { quantity variant { sku } } } } }';
const ADD =
  'mutation ($variantId: ID!) { cartLineAdd(input: { variantId: $variantId }) { userErrors { __typename } } }';
const ADJUST =
  'mutation ($input: InventoryAdjustInput!) { inventoryAdjust(input: $input) { userErrors { __typename } } }';

/** Customers with one request at a time each, and what became of those. */
export interface Shoppers {
  done: { queries: number; added: number; adjusted: number };
  /** Answers that are not what was asked for, and errors; those of changes that may be sent again are not among them. */
  failed: unknown[];
  stop(): Promise<void>;
}

export interface Shopper {
  client: HttpsClient;
  headers: Record<string, string>;
}

/**
 * Has customers look at their carts again and again, as GETs, and change things.
 *
 * @param staff - header of who adjusts stock
 * @param mayBreak - whether connections may break on which a change was sent: then adjustments are sent again with their
 *   keys, as clients are to, and nothing is put into carts, as that has no key
 */
export function startShopping(
  shoppers: readonly Shopper[],
  { globalId: variantId }: Article,
  staff: Record<string, string>,
  { mayBreak }: { mayBreak: boolean },
): Shoppers {
  const done = { queries: 0, added: 0, adjusted: 0 };
  const failed: unknown[] = [];
  let isOver = false;
  const attempt = async (answer: Promise<Answer<Data>>): Promise<boolean | 'again'> => {
    const outcome = await answer.catch((error: unknown) => String(error));
    if (typeof outcome === 'string') return mayBreak ? 'again' : fail(outcome);
    const root = Object.values(outcome.data ?? {})[0];
    if (outcome.status === 200 && !outcome.errors && root && !root.userErrors?.length) return true;
    return mayBreak && (isToBeTriedAgain(outcome) || isBroken(outcome)) ? 'again' : fail(outcome);
  };
  const fail = (what: unknown) => {
    failed.push(what);
    return false;
  };
  const change = async (send: () => Promise<Answer<Data>>): Promise<boolean> => {
    for (;;) {
      const outcome = await attempt(send());
      if (outcome !== 'again') return outcome;
    }
  };
  const shop = async ({ client, headers }: Shopper) => {
    while (!isOver) {
      await pause(THINKING);
      const cart = await client.query<Data>({ query: CART, headers }).catch(String);
      if (typeof cart !== 'string' && cart.status === 200 && !cart.errors) done.queries += 1;
      else fail(cart);
      const input = { variantId, delta: 1, reason: 'counted', idempotencyKey: randomUUID() };
      if (await change(() => client.send({ query: ADJUST, variables: { input }, headers: staff })))
        done.adjusted += 1;
      if (mayBreak) continue;
      if (await change(() => client.send({ query: ADD, variables: { variantId }, headers }))) done.added += 1;
    }
  };
  const ended = Promise.all(shoppers.map(shop));
  return {
    done,
    failed,
    async stop() {
      isOver = true;
      await ended;
    },
  };
}

type Data = Record<string, { userErrors?: object[] } | null>;

/** The gateway was killed that had it, or the subgraph that the gateway had sent it to: nobody knows whether it is done. */
const isBroken = ({ status, errors = [] }: Answer<Data>): boolean =>
  status === 502 || errors.some(({ extensions }) => extensions?.code === 'SUBGRAPH_UNAVAILABLE');

/** One service gave another no answer in time, as on a busy machine: nothing was done. */
const isToBeTriedAgain = ({ errors = [] }: Answer<Data>): boolean =>
  errors.length > 0 && errors.every(({ extensions }) => extensions?.retryable === true);
