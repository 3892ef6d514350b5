import { setTimeout as pause } from 'node:timers/promises';
import { graphql, openSubscriber } from '@tributary/testing/outside-jest';
import { addBuyers, type Buyer, fillCarts } from '../support/buyers.ts';
import { type Ask, type Sale, sell } from '../support/sales.ts';
import { type Article, stockUp } from '../support/shopping.ts';
import type { Parts } from './parts.ts';
import type { Tally } from './tally.ts';

/** Shoppers at work. */
export interface Load {
  articles: readonly Article[];
  buyers: readonly Buyer[];
  /** All orders that were acknowledged. */
  readonly sales: readonly Sale[];
  /** How many of these were cancelled. */
  readonly cancelled: number;
  /** Events that subscribers got. */
  readonly events: number;
  /** Goes to work. */
  start(): void;
  /** Lets everybody finish what they have begun, and go home. @throws the first error of a shopper that is none of an outage */
  rest(): Promise<void>;
}

const READERS = 4;
const BUYERS = 6;
const SUBSCRIBERS = 4;
const ARTICLES = 3;
const PIECES = 1_000_000; // of each, which no soak sells
const CANCELLED = 0.2; // part of the orders
const BETWEEN_READS = 10; // milliseconds
const BETWEEN_SALES = 50; // milliseconds
const PATIENCE = 120_000; // 2 minutes for an order, whatever fails meanwhile

const READS = [
  '{ products(first: 5) { edges { node { id title } } } }',
  '{ categories(first: 5) { edges { node { name } } } }',
  '{ viewer { displayName cart { lines { quantity } } orders(first: 3) { edges { node { number status } } } } }',
];
const CANCEL = `mutation Cancel($input: OrderCancelInput!) {
  orderCancel(input: $input) { order { id } userErrors { __typename } }
}`;
const CHANGES = 'subscription { viewerOrdersChanged { to order { number } } }';

/** @param random - draws who reads what, and who cancels */
export async function createLoad(parts: Parts, tally: Tally, random: () => number): Promise<Load> {
  const { ground, services } = parts;
  const url = `${services.gateway.url}/graphql`;
  const articles = await stockUp(ground, ARTICLES, PIECES);
  const buyers = await addBuyers(ground, Array<[]>(BUYERS).fill([]));
  const sales: Sale[] = [];
  let cancelled = 0;
  let events = 0;
  let working = new AbortController();
  let shifts: Promise<void>[] = [];

  const ask: Ask = async (query, options) => {
    const answer = await graphql<never>(url, { query, ...options }).catch(() => null);
    tally.note(answer ? answer.errors : null);
    if (!answer) throw new Error('no answer');
    return answer;
  };
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;

  async function read(): Promise<void> {
    const headers = random() < 0.5 ? {} : await ground.authorizationOf(pick(buyers).userId);
    await ask(pick(READS), { variables: {}, headers }).catch(() => undefined); // counted
    await pause(BETWEEN_READS);
  }

  async function buy(buyer: Buyer): Promise<void> {
    const { userId } = buyer;
    const article = pick(articles);
    await fillCarts(ground, [{ userId, lines: [{ variantId: article.id, quantity: 1 }] }]);
    const sale = await sell(buyer, article.price, {
      ask,
      authorizationOf: ground.authorizationOf,
      patience: PATIENCE,
    });
    sales.push(sale);
    if (random() < CANCELLED) {
      const headers = await ground.authorizationOf(userId);
      const input = { id: sale.orderId, reason: 'changed my mind' };
      const answer = await ask<{ orderCancel: { order: object | null } | null }>(CANCEL, {
        variables: { input },
        headers,
      }).catch(() => null);
      if (answer?.data?.orderCancel?.order) cancelled += 1;
    }
    await pause(BETWEEN_SALES);
  }

  async function listen(buyer: Buyer, signal: AbortSignal): Promise<void> {
    const connectionParams = await ground.authorizationOf(buyer.userId);
    const subscriber = openSubscriber(url, { connectionParams });
    const subscription = subscriber.subscribe(CHANGES);
    const stop = () => subscription.stop();
    signal.addEventListener('abort', stop);
    // It ends when something fails on its way, and is begun anew then, as a front end would.
    const how = await subscription.ended;
    if (Array.isArray(how)) tally.note(how);
    events += subscription.results.filter(({ data }) => data).length;
    signal.removeEventListener('abort', stop);
    await subscriber.close();
    await pause(BETWEEN_SALES);
  }

  return {
    articles,
    buyers,
    sales,
    get cancelled() {
      return cancelled;
    },
    get events() {
      return events;
    },
    start() {
      working = new AbortController();
      const { signal } = working;
      const again = async (work: () => Promise<void>) => {
        while (!signal.aborted) await work();
      };
      shifts = [
        ...Array.from({ length: READERS }, () => again(read)),
        ...buyers.map((buyer) => again(() => buy(buyer))),
        ...buyers.slice(0, SUBSCRIBERS).map((buyer) => again(() => listen(buyer, signal))),
      ];
      // Told by `rest`.
      for (const shift of shifts) shift.catch(() => undefined);
    },
    async rest() {
      working.abort();
      await Promise.all(shifts);
    },
  };
}
