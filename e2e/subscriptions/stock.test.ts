import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import type { TestSubscriber } from '@tributary/testing';
import { metricOf } from '../support/metric.ts';
import { type Article, adjustStock, stockUp } from '../support/shopping.ts';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';
import { codesOf, connect } from './listeners.ts';

const FAST = 100; // clients
const LARGE = 300_000; // characters of a description
const SLOW_DROPS = 'gateway_subscription_drops_total{reason="slow"';

interface Stock {
  stock: {
    sequence: number;
    variant: { stockStatus: string; inventory?: { available: number } | null; product: { title: string } };
  } | null;
}
const PIECES = `subscription ($ids: [ID!]!) { stock: stockChanged(variantIds: $ids) {
  sequence variant { stockStatus inventory { available } product { title } }
} }`;
const STATUS = `subscription ($ids: [ID!]!) { stock: stockChanged(variantIds: $ids) {
  sequence variant { stockStatus product { title } }
} }`;
const DESCRIPTION = `subscription ($ids: [ID!]!) { stock: stockChanged(variantIds: $ids) {
  variant { product { description } }
} }`;

let graph: Graph;
let articles: Article[];
const subscribers: TestSubscriber[] = [];

beforeAll(async () => {
  graph = await startGraph({ gateway: { CLIENT_BUFFER_BYTES: '200000', CONNECTIONS_PER_CLIENT: '500' } });
  articles = await stockUp(graph, 2);
});
afterEach(async () => {
  for (const subscriber of subscribers.splice(0)) await subscriber.close();
});
afterAll(() => graph?.stop());

function as(authorization: Record<string, string>): TestSubscriber {
  const subscriber = connect(graph.gateway.url, authorization);
  subscribers.push(subscriber);
  return subscriber;
}

const setInCatalogue = (column: 'status' | 'description', value: string, { id }: Article) =>
  withClient(graph.databases.products.url, (client) =>
    client.query(
      `UPDATE products SET ${column} = $2 WHERE id = (SELECT product_id FROM product_variants WHERE id = $1)`,
      [id, value],
    ),
  );

describe('stockChanged', () => {
  it('tells staff of each piece, and customers what they may see, as long as they may', async () => {
    const [article] = articles as [Article];
    const variables = { ids: [article.globalId] };
    const staff = as(await graph.authorization('staff')).subscribe<Stock>(PIECES, variables);
    const customer = as(await graph.authorization('customer')).subscribe<Stock>(STATUS, variables);
    const curious = as({}).subscribe<Stock>(PIECES, variables);
    await Promise.all([staff.take(1), customer.take(1), curious.take(1)]);
    await adjustStock(graph, article, -1);
    await staff.take(2);
    await adjustStock(graph, article, -996);
    await Promise.all([staff.take(3), customer.take(2)]);
    await setInCatalogue('status', 'DRAFT', article);
    await adjustStock(graph, article, -3);
    await staff.take(4);
    await setInCatalogue('status', 'ACTIVE', article);
    await adjustStock(graph, article, 20);
    await Promise.all([staff.take(5), customer.take(3), curious.take(3)]);

    expect(staff.results.map(({ data }) => data?.stock?.variant.inventory?.available)).toEqual([
      1_000, 999, 3, 0, 20,
    ]);
    const seen = ['IN_STOCK', 'LOW_STOCK', 'IN_STOCK'];
    for (const { results } of [customer, curious]) {
      expect(results.map(({ data }) => data?.stock?.variant.stockStatus)).toEqual(seen);
    }
    for (const { data, errors } of curious.results) {
      expect(data?.stock?.variant.inventory).toBeNull();
      expect(codesOf(errors)).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    }
  });
});

describe(`a client that stops reading, beside ${FAST} that read`, () => {
  it('is closed with 1013, and the others get every event', async () => {
    const [, article] = articles as [Article, Article];
    const variables = { ids: [article.globalId] };
    await setInCatalogue('description', 'x'.repeat(LARGE), article);
    const authorization = await graph.authorization('staff');
    const fast = Array.from({ length: FAST }, () => as(authorization).subscribe<Stock>(PIECES, variables));
    const slow = as(authorization);
    const shared = slow.subscribe<Stock>(PIECES, variables);
    const large = slow.subscribe(DESCRIPTION, variables);
    await large.take(1);
    await until(async () => (await metricOf(graph.gateway.adminUrl, 'gateway_subscriptions')) === FAST + 2);
    slow.pause();
    const before = fast.map(({ results }) => results.length);
    let changes = 0;
    while ((await metricOf(graph.gateway.adminUrl, SLOW_DROPS)) === 0) {
      expect(changes).toBeLessThan(200);
      await adjustStock(graph, article, 1);
      changes += 1;
      await Promise.all(fast.map((listener, n) => listener.take((before[n] ?? 0) + changes)));
    }
    slow.resume();
    const ended = { code: 1013, reason: 'Messages are not read fast enough' };
    expect(await Promise.all([shared.ended, large.ended])).toEqual([ended, ended]);
    const expected = Array.from({ length: changes }, (_, n) => 1_001 + n);
    for (const [n, { results }] of fast.entries()) {
      const pieces = results.slice(before[n]).map(({ data }) => data?.stock?.variant.inventory?.available);
      expect(pieces).toEqual(expected);
    }
  });
});
