import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningGateway, readSettings, startGateway } from '@tributary/gateway';
import type { RunningSubgraph } from '@tributary/subgraph-kit';
import { parse } from 'graphql';
import { type ApolloSubgraph, startApolloSubgraph } from './apollo-subgraph.ts';
import { startProducts } from './products-subgraph.ts';
import { FEATURES, fileOfSuite, runSuite, type TestOutcome } from './suite.ts';

/**
 * Apollo's tests of what a library for subgraphs can do, as they are: Apollo's users and inventory subgraphs, our kit with
 * the products schema, and our gateway in the place of Apollo's router.
 */
let folder: string;
let apollos: ApolloSubgraph[] = [];
let products: RunningSubgraph;
let gateway: RunningGateway;
let outcomes: TestOutcome[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compatibility-'));
  products = await startProducts(process.env.TEST_POSTGRES_URL as string);
  apollos = await Promise.all([startApolloSubgraph('users'), startApolloSubgraph('inventory')]);
  const supergraph = join(folder, 'supergraph.graphql');
  await writeFile(supergraph, await compose());
  gateway = await startGateway(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      SUPERGRAPH: supergraph,
    }),
  );
  outcomes = await runSuite({ products: products.url, router: `${gateway.url}/graphql` });
});
afterAll(async () => {
  await gateway?.close();
  await products?.close();
  await Promise.all(apollos.map(({ stop }) => stop()));
  await rm(folder, { recursive: true, force: true });
});

/** Not by `npm run compose`, which takes the hints that these schemas give for errors. */
async function compose(): Promise<string> {
  const subgraph = async (name: string, url: string, file: string) => ({
    name,
    url,
    typeDefs: parse(await readFile(fileOfSuite(file), 'utf8')),
  });
  const [users, inventory] = apollos as [ApolloSubgraph, ApolloSubgraph];
  const { errors, supergraphSdl } = composeServices([
    await subgraph('products', products.url, 'products.graphql'),
    await subgraph('users', users.url, 'dist/subgraphs/users/users.graphql'),
    await subgraph('inventory', inventory.url, 'dist/subgraphs/inventory/inventory.graphql'),
  ]);
  expect(errors).toBeUndefined();
  return supergraphSdl as string;
}

describe('a feature', () => {
  it.each(FEATURES)('$column', ({ assertion }) => {
    const ofFeature = outcomes.filter(({ feature }) => feature === assertion);
    expect(ofFeature.length).toBeGreaterThan(0);
    expect(ofFeature.filter(({ status }) => status !== 'passed')).toEqual([]);
  });
});

it('all of Apollo’s tests pass, 23 of 23', () => {
  expect(outcomes.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(outcomes).toHaveLength(23);
});
