import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openSubscriber, type TestSubscription } from '@tributary/testing';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { holdLock, untilWaiting } from './locks.ts';

let graph: Graph;
beforeAll(async () => {
  graph = await startGraph({
    jobs: false,
    gateway: { GATEWAY_CONFIG: undefined }, // what is kept would be there all the same
    subgraphs: { DATABASE_POOL_SIZE: '1' },
  });
});
afterAll(() => graph.stop());

const query = '{ products(first: 1) { edges { node { title } } } }';

it('a client that leaves the gateway ends the statement that runs for it', async () => {
  const { url } = graph.databases.products;
  const lock = await holdLock(url, 'LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
  try {
    const client = new AbortController();
    const answer = fetch(`${graph.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: client.signal,
    });
    await untilWaiting(url, 1);
    client.abort();
    await expect(answer).rejects.toThrow();
    await untilWaiting(url, 0);
  } finally {
    await lock.release();
  }
  const { data, errors } = await graph.ask(query);
  expect(errors).toBeUndefined();
  expect(data).toEqual({ products: { edges: [{ node: { title: expect.any(String) } }] } });
});

it.each<[string, Record<string, unknown>, (answer: TestSubscription<unknown>) => void]>([
  ['completed', {}, (answer) => answer.stop()],
  ['at its deadline', { deadlineMs: 1_000 }, () => undefined],
])('a query on a WebSocket that is %s ends its statement', async (_how, extensions, end) => {
  const { url } = graph.databases.products;
  const client = openSubscriber(`${graph.gateway.url}/graphql`);
  const lock = await holdLock(url, 'LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
  try {
    const answer = client.subscribe<unknown>(query, {}, extensions);
    await untilWaiting(url, 1);
    end(answer);
    await untilWaiting(url, 0);
  } finally {
    await lock.release();
    await client.close();
  }
});
