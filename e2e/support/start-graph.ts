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
  /** Where the subgraphs find each other, by name; what is put there holds from the next call on. */
  urls: Map<string, string>;
  /** Asks the gateway. */
  ask<Data = Record<string, unknown>>(
    query: string,
    options?: { variables?: Record<string, unknown>; viewer?: Viewer; headers?: Record<string, string> },
  ): Promise<Answer<Data>>;
  /** The header that signs an account in. */
  authorization(viewer: Viewer): Promise<Record<string, string>>;
  /** The header that signs any user in. @param id - the user's uuid @param role - by default a customer's */
  authorizationOf(id: string, role?: keyof typeof DEMO): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export interface GraphOptions {
  /** Of the demo shop. @default 0.05 */
  scale?: number;
  /** Whether the subgraphs work on their jobs. @default true */
  jobs?: boolean;
  /** Further settings of the gateway. */
  gateway?: Environment;
  /** Further settings of the orders subgraph. */
  orders?: Environment;
}

const SUPERGRAPH = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));
const AUTHORITY = { issuer: 'https://e2e.test', audience: 'e2e' };

/** What the explorers start with. */
export const EXAMPLE = { query: '{ categories(first: 1) { edges { node { name } } } }' };

/** Starts the graph; each part is the real one, with real HTTP between them. */
export async function startGraph({
  scale = 0.05,
  jobs = true,
  gateway: gatewayEnv = {},
  orders: ordersEnv = {},
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
    ...(!jobs && { JOB_CONCURRENCY: '0' }),
    INTERNAL_SECRET: TEST_SECRET,
    AUTH_SIGNING_KEYS: JSON.stringify([key]),
    AUTH_ISSUER: AUTHORITY.issuer,
    AUTH_AUDIENCE: AUTHORITY.audience,
    USERS_DATABASE_URL: databases.users.url,
    PRODUCTS_DATABASE_URL: databases.products.url,
    ORDERS_DATABASE_URL: databases.orders.url,
  };
  const urls = new Map<string, string>();
  const subgraphs = {
    users: await startUsers({ ...readUsersSettings(env), SUBGRAPH_URLS: urls }),
    products: await startProducts({ ...readProductsSettings(env), SUBGRAPH_URLS: urls }),
    orders: await startOrders({ ...readOrdersSettings({ ...env, ...ordersEnv }), SUBGRAPH_URLS: urls }),
  };
  for (const [name, { url }] of Object.entries(subgraphs)) urls.set(name, url);
  const gateway = await startGateway(
    readGatewaySettings({
      ...env,
      SUPERGRAPH,
      SUBGRAPH_URLS: Object.entries(subgraphs)
        .map(([name, { url }]) => `${name}=${url}`)
        .join(','),
      AUTH_JWKS_URL: new URL('/.well-known/jwks.json', subgraphs.users.url).href,
      ...gatewayEnv,
    }),
    { example: EXAMPLE },
  );
  const bearer = async (subject: string, role: string) => {
    const token = await signAccessToken({ subject, scopes: [role] }, key, AUTHORITY, 600);
    return { authorization: `Bearer ${token}` };
  };
  const authorization = async (viewer: Viewer): Promise<Record<string, string>> =>
    viewer === 'anonymous' ? {} : bearer(userId(DEMO[viewer]), viewer);
  return {
    gateway,
    subgraphs,
    databases,
    urls,
    authorization,
    authorizationOf: (id, role = 'customer') => bearer(id, role),
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
