import { fileURLToPath } from 'node:url';
import { type RunningGateway, readSettings as readGatewaySettings, startGateway } from '@tributary/gateway';
import { readSettings as readOrdersSettings, start as startOrders } from '@tributary/orders';
import { createSigningKey, type Environment, signAccessToken } from '@tributary/platform';
import { type Database, DEMO, makeDatasets, seedDatabase, userId } from '@tributary/prisma/seed';
import { readSettings as readProductsSettings, start as startProducts } from '@tributary/products';
import type { RunningSubgraph } from '@tributary/subgraph-kit';
import { type Answer, createTestDatabase, graphql, TEST_SECRET, type TestDatabase } from '@tributary/testing';
import { readSettings as readUsersSettings, start as startUsers } from '@tributary/users';

/** Who asks: a demo account, or nobody. */
export type Viewer = keyof typeof DEMO | 'anonymous';

/** The whole graph on free ports, with a database of its own for each subgraph. */
export interface Graph {
  gateway: RunningGateway;
  subgraphs: Record<Database, RunningSubgraph>;
  databases: Record<Database, TestDatabase>;
  /** Asks the gateway. */
  ask<Data = Record<string, unknown>>(
    query: string,
    options?: { variables?: Record<string, unknown>; viewer?: Viewer; headers?: Record<string, string> },
  ): Promise<Answer<Data>>;
  /** The header that signs an account in. */
  authorization(viewer: Viewer): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export interface GraphOptions {
  /** Of the demo shop. @default 0.05 */
  scale?: number;
  /** Further settings of the gateway. */
  gateway?: Environment;
}

const SUPERGRAPH = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));
const AUTHORITY = { issuer: 'https://e2e.test', audience: 'e2e' };

/** What the explorers start with. */
export const EXAMPLE = { query: '{ categories(first: 1) { edges { node { name } } } }' };

/** Starts the graph; each part is the real one, with real HTTP between them. */
export async function startGraph({
  scale = 0.05,
  gateway: gatewayEnv = {},
}: GraphOptions = {}): Promise<Graph> {
  const key = await createSigningKey('e2e');
  const database = (name: Database) =>
    createTestDatabase(name, {
      seed: {
        key: `scale ${scale}`,
        run: async (url) => void (await seedDatabase({ url, dataset: makeDatasets(scale)[name] })),
      },
    });
  const databases = {
    users: await database('users'),
    products: await database('products'),
    orders: await database('orders'),
  };
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    PORT: '0',
    ADMIN_PORT: '0',
    INTERNAL_SECRET: TEST_SECRET,
    AUTH_SIGNING_KEYS: JSON.stringify([key]),
    USERS_DATABASE_URL: databases.users.url,
    PRODUCTS_DATABASE_URL: databases.products.url,
    ORDERS_DATABASE_URL: databases.orders.url,
  };
  const subgraphs = {
    users: await startUsers(readUsersSettings(env)),
    products: await startProducts(readProductsSettings(env)),
    orders: await startOrders(readOrdersSettings(env)),
  };
  const gateway = await startGateway(
    readGatewaySettings({
      ...env,
      SUPERGRAPH,
      SUBGRAPH_URLS: Object.entries(subgraphs)
        .map(([name, { url }]) => `${name}=${url}`)
        .join(','),
      AUTH_JWKS_URL: new URL('/.well-known/jwks.json', subgraphs.users.url).href,
      AUTH_ISSUER: AUTHORITY.issuer,
      AUTH_AUDIENCE: AUTHORITY.audience,
      ...gatewayEnv,
    }),
    { example: EXAMPLE },
  );
  const authorization = async (viewer: Viewer): Promise<Record<string, string>> => {
    if (viewer === 'anonymous') return {};
    const identity = { subject: userId(DEMO[viewer]), scopes: [viewer] };
    return { authorization: `Bearer ${await signAccessToken(identity, key, AUTHORITY, 600)}` };
  };
  return {
    gateway,
    subgraphs,
    databases,
    authorization,
    ask: async (query, { variables = {}, viewer = 'anonymous', headers = {} } = {}) =>
      graphql(`${gateway.url}/graphql`, {
        query,
        variables,
        headers: { ...(await authorization(viewer)), ...headers },
      }),
    async stop() {
      await gateway.close();
      for (const subgraph of Object.values(subgraphs)) await subgraph.close();
      for (const { drop } of Object.values(databases)) await drop();
    },
  };
}
