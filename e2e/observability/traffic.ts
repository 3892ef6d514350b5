import type { TestSubscriber } from '@tributary/testing';
import { connect } from '../subscriptions/listeners.ts';
import { addBuyers } from '../support/buyers.ts';
import { type Article, adjustStock, place, stockUp } from '../support/shopping.ts';
import type { Graph } from '../support/start-graph.ts';

const PRODUCTS = `query Products($n: Int!) {
  products(first: $n) { edges { node { title category { name } variants(first: 1) { edges { node { sku } } } } } }
}`;
const ORDERS = `query Orders {
  orders(first: 5) { edges { node { number lines { variant { product { title } } } customer { displayName } } } }
}`;
const STOCK = `subscription ($ids: [ID!]!) { stock: stockChanged(variantIds: $ids) {
  variant { inventory { available } product { title } }
} }`;

/** Something of everything that is measured. */
export interface Traffic {
  /** Queries, new and known, a mistake, an order, and a change that somebody listens to. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

/** Prepares buyers and a listener. */
export async function startTraffic(graph: Graph): Promise<Traffic> {
  const [article, goods] = (await stockUp(graph, 2)) as [Article, Article];
  const listener: TestSubscriber = connect(graph.gateway.url, await graph.authorization('staff'));
  const stock = listener.subscribe(STOCK, { ids: [article.globalId] });
  await stock.take(1); // the state it begins with
  let rounds = 0;
  return {
    async round() {
      rounds += 1;
      const variables = { n: 1 + (rounds % 20) };
      for (let again = 0; again < 2; again += 1) await graph.ask(PRODUCTS, { variables });
      await graph.ask(ORDERS, { viewer: 'staff' });
      await graph.ask(`query New${rounds} { categories(first: 1) { edges { node { name } } } }`);
      await graph.ask('{ mistaken }');
      const [buyer] = await addBuyers(graph, [[{ variantId: goods.id, quantity: 1 }]]);
      if (buyer) await place(graph, buyer, goods.price);
      await adjustStock(graph, article, 1);
      await stock.take(1 + rounds);
    },
    async stop() {
      await listener.close();
    },
  };
}
