import type { AnswerError } from '@tributary/testing';
import { audit, type Discrepancy, workIsDone } from '../support/books.ts';
import { addBuyers, type Buyer } from '../support/buyers.ts';
import { type Payments, startPayments } from '../support/payments.ts';
import { type Sale, sell } from '../support/sales.ts';
import { type Article, stockUp } from '../support/shopping.ts';
import { type Graph, type GraphOptions, startGraph } from '../support/start-graph.ts';

/** A graph that sells, with all that buyers were told. */
export interface Shop {
  graph: Graph;
  article: Article;
  /** What was answered in place of an order, so far. */
  failures: AnswerError[];
  /** Makes new buyers, each with a piece of the article in their cart. */
  gather(count: number): Promise<Buyer[]>;
  /** Lets buyers order at once; resolves when all have their orders. */
  rush(buyers: readonly Buyer[]): Promise<void>;
  /** Waits for all jobs, and looks for what does not add up in all that was sold. */
  audit(): Promise<Discrepancy[]>;
  stop(): Promise<void>;
}

/** Starts it, with a payment provider. */
export async function openShop(options: GraphOptions): Promise<Shop> {
  const payments: Payments = await startPayments();
  const graph = await startGraph({ ...options, orders: { ...payments.env, ...options.orders } });
  payments.notify(graph.subgraphs.orders.url);
  const [article] = (await stockUp(graph, 1)) as [Article];
  const buyers: Buyer[] = [];
  const sales: Sale[] = [];
  const failures: AnswerError[] = [];
  const onFailure = (errors: readonly AnswerError[] | null) => void failures.push(...(errors ?? []));
  return {
    graph,
    article,
    failures,
    async gather(count) {
      const carts = Array.from({ length: count }, () => [{ variantId: article.id, quantity: 1 }]);
      const those = await addBuyers(graph, carts);
      buyers.push(...those);
      return those;
    },
    async rush(those) {
      const theirs = those.map((buyer) => sell(buyer, article.price, { ...graph, onFailure }));
      sales.push(...(await Promise.all(theirs)));
    },
    async audit() {
      await workIsDone(graph);
      return audit({ ...graph, articles: [article], buyers, sales });
    },
    async stop() {
      await graph.stop();
      await payments.close();
    },
  };
}
