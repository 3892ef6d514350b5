import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { fromGlobalId } from '@tributary/subgraph-kit';
import { readSettings, startTestPayments, type TestPayments } from '@tributary/test-payments';
import type { AnswerError, TestSubscriber } from '@tributary/testing';
import { addBuyers, type Buyer } from '../support/buyers.ts';
import { metricOf } from '../support/metric.ts';
import { type Article, advance, place, stockUp } from '../support/shopping.ts';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';
import { codesOf, connect, listenToOrder, listenToOwn, told } from './listeners.ts';

const PAYMENT_SECRETS = { PAYMENT_SECRET: 'a secret', PAYMENT_WEBHOOK_SECRET: 'another secret' };

let graph: Graph;
let payments: TestPayments;
let article: Article;
const subscribers: TestSubscriber[] = [];

beforeAll(async () => {
  payments = await startTestPayments(
    readSettings({ NODE_ENV: 'test', LOG_LEVEL: 'fatal', PORT: '0', ADMIN_PORT: '0', ...PAYMENT_SECRETS }),
    { behaviour: () => ({ outcome: 'never' }) },
  );
  graph = await startGraph({ orders: { PAYMENT_URL: payments.url, ...PAYMENT_SECRETS } });
  payments.setWebhookUrl(new URL('/webhooks/payments', graph.subgraphs.orders.url).href);
  [article] = (await stockUp(graph, 1)) as [Article];
});
afterEach(async () => {
  for (const subscriber of subscribers.splice(0)) await subscriber.close();
});
afterAll(async () => {
  await graph?.stop();
  await payments?.close();
});

function as(authorization: Record<string, string>): TestSubscriber {
  const subscriber = connect(graph.gateway.url, authorization);
  subscribers.push(subscriber);
  return subscriber;
}

async function someBuyer(): Promise<Buyer> {
  const [buyer] = await addBuyers(graph, [[{ variantId: article.id, quantity: 2 }]]);
  if (!buyer) throw new Error('no buyer');
  return buyer;
}

const placeFor = (buyer: Buyer): Promise<string> => place(graph, buyer, 2 * article.price);

/** Has the provider tell that the payment of an order came, once it was asked for it. @param id - global */
async function pay(id: string): Promise<void> {
  const reference = fromGlobalId('Order', id, 'id');
  const payment = () => [...payments.payments.values()].find((one) => one.reference === reference);
  await until(async () => payment() !== undefined);
  payments.settle(payment()?.id ?? '', 'succeed');
}

describe('the order page', () => {
  it('shows each state once, in order, with fields of all three subgraphs', async () => {
    const buyer = await someBuyer();
    const own = await graph.authorizationOf(buyer.userId);
    const overview = listenToOwn(as(own));
    const id = await placeFor(buyer);
    const page = listenToOrder(as(own), id);
    const service = listenToOrder(as(await graph.authorization('staff')), id);
    const listeners = [overview, page, service];
    await Promise.all(listeners.map((listener) => listener.take(1)));
    await pay(id);
    await Promise.all(listeners.map((listener) => listener.take(2)));
    await advance(graph, id, 'FULFILLED');
    await advance(graph, id, 'DELIVERED');
    await Promise.all(listeners.map((listener) => listener.take(4)));

    for (const listener of listeners) {
      expect(told(listener)).toEqual(['1 PENDING_PAYMENT', '2 PAID', '3 FULFILLED', '4 DELIVERED']);
      for (const { data } of listener.results) {
        expect(data?.step?.order).toMatchObject({
          id,
          lines: [{ quantity: 2, variant: { product: { title: article.title } } }],
          customer: { displayName: 'Buyer' },
        });
      }
    }
    expect(page.results[3]?.data?.step?.order.status).toBe('DELIVERED');
  });

  it('begins with the state when it is opened beside another, and has each step from then on', async () => {
    const buyer = await someBuyer();
    const own = await graph.authorizationOf(buyer.userId);
    const id = await placeFor(buyer);
    const first = listenToOrder(as(own), id);
    await first.take(1);
    await pay(id);
    await first.take(2);
    const second = listenToOrder(as(own), id);
    await second.take(1);
    await advance(graph, id, 'FULFILLED');
    await Promise.all([first.take(3), second.take(2)]);
    expect(told(second)).toEqual(['2 PAID', '3 FULFILLED']);
    // Not because it was a subscription of its own.
    await until(
      async () => (await metricOf(graph.gateway.adminUrl, 'gateway_upstream_subscriptions{')) === 1,
    );
  });

  it('is nothing to strangers and other customers', async () => {
    const id = await placeFor(await someBuyer());
    const other = await graph.authorizationOf((await someBuyer()).userId);
    const codes = [];
    for (const authorization of [{}, other]) {
      const listener = listenToOrder(as(authorization), id);
      codes.push(codesOf((await listener.ended) as AnswerError[]));
      expect(listener.results).toEqual([]);
    }
    const signedOut = await listenToOwn(as({})).ended;
    expect([...codes, codesOf(signedOut as AnswerError[])]).toEqual([
      'UNAUTHORIZED_FIELD_OR_TYPE',
      'NOT_FOUND',
      'UNAUTHORIZED_FIELD_OR_TYPE',
    ]);
  });

  it('ends with the right to see it, at the next event, and goes on for others', async () => {
    const buyer = await someBuyer();
    const id = await placeFor(buyer);
    const page = listenToOrder(as(await graph.authorizationOf(buyer.userId)), id);
    const service = listenToOrder(as(await graph.authorization('staff')), id);
    await Promise.all([page.take(1), service.take(1)]);
    await withClient(graph.databases.orders.url, (client) =>
      client.query('UPDATE orders SET user_id = $2 WHERE id = $1', [
        fromGlobalId('Order', id, 'id'),
        randomUUID(),
      ]),
    );
    await pay(id);
    expect(await page.ended).toBeNull();
    expect(told(page)).toEqual(['1 PENDING_PAYMENT', 'NOT_FOUND']);
    await advance(graph, id, 'FULFILLED');
    await service.take(3);
    expect(service.results.map(({ data }) => data?.step?.sequence)).toEqual([1, 2, 3]);
  });

  it('is closed with 4403 when the token expires', async () => {
    const buyer = await someBuyer();
    const id = await placeFor(buyer);
    const page = listenToOrder(as(await graph.authorizationOf(buyer.userId, 'customer', 2)), id);
    await page.take(1);
    expect(await page.ended).toEqual({ code: 4403, reason: 'Forbidden: the access token has expired' });
  });
});
