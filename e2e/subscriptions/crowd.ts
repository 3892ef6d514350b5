import type { AnswerError, TestSubscriber } from '@tributary/testing';
import { addBuyers } from '../support/buyers.ts';
import { type Article, advance, place } from '../support/shopping.ts';
import type { Graph } from '../support/start-graph.ts';
import { codesOf, connect, listenToOrder, type StepListener, told } from './listeners.ts';

const ORDERS = 10;
const LISTENERS = 20; // to each order, each on a WebSocket of its own

/** Many customers, each with several pages that show one order. */
export interface Crowd {
  /** The orders' global ids. */
  orders: readonly string[];
  /** Opens all pages at a gateway, and waits until each has its first event. @param gateway - without a path */
  open(gateway: string): Promise<void>;
  /** Subscribes again on all pages, where each WebSocket is. */
  again(): void;
  /** Has all orders take a step. */
  advance(to: string): Promise<void>;
  /** Waits until each page has been told so often. */
  take(count: number): Promise<void>;
  /** What the pages were told, each different answer once. */
  told(): string[][];
  /** How the pages' subscriptions ended, each different answer once: codes of errors, or of the close. */
  ended(): Promise<string[]>;
  close(): Promise<void>;
}

/** Has customers place orders. */
export async function gather(graph: Graph, { id, price }: Article): Promise<Crowd> {
  const carts = Array.from({ length: ORDERS }, () => [{ variantId: id, quantity: 1 }]);
  const buyers = await addBuyers(graph, carts);
  const orders = await Promise.all(buyers.map((buyer) => place(graph, buyer, price)));
  let subscribers: { subscriber: TestSubscriber; order: string }[] = [];
  let pages: StepListener[] = [];
  const again = () => {
    pages = subscribers.map(({ subscriber, order }) => listenToOrder(subscriber, order));
  };
  const close = async () => {
    await Promise.all(subscribers.map(({ subscriber }) => subscriber.close()));
    subscribers = [];
  };
  const take = async (count: number) => {
    await Promise.all(pages.map((page) => page.take(count)));
  };
  return {
    orders,
    again,
    close,
    take,
    async open(gateway) {
      await close();
      for (const [n, { userId }] of buyers.entries()) {
        const authorization = await graph.authorizationOf(userId);
        for (let page = 0; page < LISTENERS; page += 1) {
          subscribers.push({ subscriber: connect(gateway, authorization), order: orders[n] as string });
        }
      }
      again();
      await take(1);
    },
    async advance(to) {
      await Promise.all(orders.map((order) => advance(graph, order, to)));
    },
    told: () => different(pages.map(told)),
    ended: async () =>
      different(
        await Promise.all(
          pages.map(async ({ ended }) => {
            const how = await ended;
            if (how === null) return 'completed';
            return Array.isArray(how) ? codesOf(how as AnswerError[]) : String(how.code);
          }),
        ),
      ),
  };
}

const different = <Value>(values: readonly Value[]): Value[] =>
  [...new Set(values.map((value) => JSON.stringify(value)))].map((text) => JSON.parse(text));
