import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStatements } from '@tributary/testing';
import { type Graph, startGraph, type Viewer } from '../support/start-graph.ts';

let graph: Graph;
beforeAll(async () => {
  // Without caches, so that everything is fetched each time.
  graph = await startGraph({ scale: 0.2, jobs: false, gateway: { GATEWAY_CONFIG: undefined } });
});
afterAll(() => graph.stop());

/**
 * A query for `$n` of something, and how many SQL statements all subgraphs together send for it. What staff read of
 * customers is written down by one more in each subgraph that is asked.
 */
interface Case {
  name: string;
  query: string;
  statements: number;
  viewer?: Viewer;
}

const CASES: Case[] = [
  {
    name: 'orders → lines → variant → product → category',
    query: `query ($n: Int!) { orders(first: $n) { edges { node { lines { variant { product { category { name } } } } } } } }`,
    statements: 6,
    viewer: 'staff',
  },
  {
    name: 'users → orders → lines',
    query: `query ($n: Int!) { users(first: $n) { edges { node { orders(first: 2) { edges { node { lines { sku } } } } } } } }`,
    statements: 5,
    viewer: 'staff',
  },
  {
    name: 'users → orders with their number',
    query: `query ($n: Int!) { users(first: $n) { edges { node { orders(first: 1) { totalCount } } } } }`,
    statements: 5,
    viewer: 'staff',
  },
  {
    name: 'users → addresses',
    query: `query ($n: Int!) { users(first: $n) { edges { node { addresses(first: 3) { edges { node { city } } } } } } }`,
    statements: 3,
    viewer: 'staff',
  },
  {
    name: 'users → cart → lines → variant → product, priced',
    query: `query ($n: Int!) { users(first: $n) { edges { node { cart { subtotal { amount } lines { lineTotal { amount } variant { product { title } } } } } } } }`,
    statements: 7,
    viewer: 'staff',
  },
  {
    name: 'orders → customer → addresses',
    query: `query ($n: Int!) { orders(first: $n) { edges { node { customer { displayName addresses(first: 1) { edges { node { city } } } } } } } }`,
    statements: 5,
    viewer: 'staff',
  },
  {
    name: 'orders → history → actor',
    query: `query ($n: Int!) { orders(first: $n) { edges { node { history(first: 5) { edges { node { to actor { displayName } } } } } } } }`,
    statements: 4,
    viewer: 'staff',
  },
  {
    name: 'products → variants → inventory',
    query: `query ($n: Int!) { products(first: $n) { edges { node { variants(first: 3) { edges { node { stockStatus inventory { available } } } } } } } }`,
    statements: 3,
    viewer: 'staff',
  },
  {
    name: 'products → category → parent, and variants',
    query: `query ($n: Int!) { products(first: $n) { edges { node { category { name parent { name } } variants(first: 3) { edges { node { sku } } } } } } }`,
    statements: 4,
  },
  {
    name: 'categories → products → variants',
    query: `query ($n: Int!) { categories(first: $n) { edges { node { products(first: 2) { edges { node { variants(first: 2) { edges { node { sku } } } } } } } } } }`,
    statements: 3,
  },
  {
    name: 'categories → children and parent',
    query: `query ($n: Int!) { categories(first: $n) { edges { node { children { name } parent { name } } } } }`,
    statements: 3,
  },
];

describe('the number of statements does not depend on the number of rows', () => {
  it.each(CASES)('$statements for $name', async ({ query, statements, viewer = 'anonymous' }) => {
    const count = async (n: number) => {
      const counted = await countStatements(
        Object.values(graph.subgraphs).map(({ metrics }) => metrics),
        () => graph.ask(query, { variables: { n }, viewer }),
      );
      expect(counted.result.errors).toBeUndefined();
      return counted.statements;
    };
    // One row may have nothing below it: one that has everything is what 100 are compared with.
    expect([await count(10), await count(100)]).toEqual([statements, statements]);
    expect(await count(1)).toBeLessThanOrEqual(statements);
  });

  it('one statement for 100 nodes of a type, and one for seeing whether they are there', async () => {
    const { data } = await graph.ask<{ products: { edges: { node: { id: string } }[] } }>(
      '{ products(first: 100) { edges { node { id } } } }',
    );
    const ids = data.products.edges.map(({ node }) => node.id);
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Product { title } } }';
    for (const some of [ids.slice(0, 1), ids]) {
      const { result, statements } = await countStatements(
        Object.values(graph.subgraphs).map(({ metrics }) => metrics),
        () => graph.ask<{ nodes: unknown[] }>(query, { variables: { ids: some } }),
      );
      expect(result.data.nodes).toHaveLength(some.length);
      expect(statements).toBe(2);
    }
  });
});
