import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '@tributary/prisma/seed';
import { type Graph, startGraph } from '../support/start-graph.ts';

let graph: Graph;
beforeEach(async () => {
  // What is kept would be there all the same.
  graph = await startGraph({ gateway: { GATEWAY_CONFIG: undefined } });
});
afterEach(() => graph.stop());

const QUERY = /* GraphQL */ `
  query ($order: ID!) {
    viewer { displayName cart { lines { quantity lineTotal { amount } } } }
    products(first: 1) { edges { node { title } } }
    order(id: $order) { number lines { sku variant { sku } } customer { displayName } }
  }
`;

/** What is left of the answer when a subgraph is away. */
const LEFT: Record<Database, unknown> = {
  users: {
    viewer: null,
    products: { edges: [{ node: { title: expect.any(String) } }] },
    order: { number: expect.any(String), lines: expect.anything(), customer: null },
  },
  products: {
    viewer: {
      displayName: 'Casey Morgan',
      cart: { lines: expect.arrayContaining([{ quantity: expect.any(Number), lineTotal: null }]) },
    },
    products: null,
    order: {
      number: expect.any(String),
      lines: expect.arrayContaining([{ sku: expect.any(String), variant: null }]),
      customer: { displayName: 'Casey Morgan' },
    },
  },
  orders: {
    viewer: { displayName: 'Casey Morgan', cart: null },
    products: { edges: [{ node: { title: expect.any(String) } }] },
    order: null,
  },
};

describe('a subgraph that is down costs its own fields only', () => {
  it.each(Object.keys(LEFT) as Database[])('%s', async (name) => {
    const first = await graph.ask<{ viewer: { orders: { edges: { node: { id: string } }[] } } }>(
      '{ viewer { orders(first: 1) { edges { node { id } } } } }',
      { viewer: 'customer' },
    );
    const order = first.data.viewer.orders.edges[0]?.node.id;
    const whole = await graph.ask(QUERY, { variables: { order }, viewer: 'customer' });
    expect(whole.errors).toBeUndefined();

    await graph.subgraphs[name].close();
    const { status, data, errors } = await graph.ask(QUERY, { variables: { order }, viewer: 'customer' });
    expect(status).toBe(200);
    expect(data).toEqual(LEFT[name]);
    expect(errors?.length).toBeGreaterThan(0);
    for (const error of errors ?? []) {
      expect(error.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: name });
      expect(JSON.stringify(error)).not.toMatch(/127\.0\.0\.1|localhost|ECONNREFUSED|:\d{4,5}/);
    }
    const paths = errors?.map(({ path }) => JSON.stringify(path));
    expect(new Set(paths).size).toBe(errors?.length);
  });
});
