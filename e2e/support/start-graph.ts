import { fileURLToPath } from 'node:url';
import { type RunningGateway, readSettings as readGatewaySettings, startGateway } from '@tributary/gateway';
import { readSettings as readOrdersSettings, start as startOrders } from '@tributary/orders';
import { createSigningKey, type Environment, freePort, signAccessToken } from '@tributary/platform';
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
  /**
   * The header that signs any user in.
   *
   * @param id - the user's uuid
   * @param role - by default a customer's
   * @param seconds - that the token is good for, 600 by default
   */
  authorizationOf(id: string, role?: keyof typeof DEMO, seconds?: number): Promise<Record<string, string>>;
  /** What the services were started with, for further ones in processes of their own. */
  settings: { gateway: Environment; subgraphs: Environment };
  stop(): Promise<void>;
}

export interface GraphOptions {
  /** Of the demo shop. @default 0.05 */
  scale?: number;
  /** Whether the subgraphs work on their jobs. @default true */
  jobs?: boolean;
  /** URL of the Redis of all services. @default none: the subgraphs tell the gateway itself of changes */
  redis?: string;
  /** Further settings of the gateway. */
  gateway?: Environment;
  /** Further settings of all subgraphs. */
  subgraphs?: Environment;
  /** Further settings of the orders subgraph. */
  orders?: Environment;
}

const SUPERGRAPH = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));
const GATEWAY_CONFIG = fileURLToPath(new URL('../../gateway.yaml', import.meta.url));
const AUTHORITY = { issuer: 'https://e2e.test', audience: 'e2e' };

/** What the explorers start with. */
export const EXAMPLE = { query: '{ categories(first: 1) { edges { node { name } } } }' };

/** Starts the graph; each part is the real one, with real HTTP between them. */
export async function startGraph({
  scale = 0.05,
  jobs = true,
  redis,
  gateway: gatewayEnv = {},
  subgraphs: subgraphsEnv = {},
  orders: ordersEnv = {},
}: GraphOptions = {}): Promise<Graph> {
  const key = await createSigningKey('e2e');
  let datasets: ReturnType<typeof makeDatasets> | undefined;
  const database = (name: Database) =>
    createTestDatabase(name, {
      seed: {
        key: `scale ${scale}`,
        async run(url) {
          datasets ??= makeDatasets(scale);
          await seedDatabase({ url, dataset: datasets[name] });
        },
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
    ...(redis !== undefined && { REDIS_URL: redis }),
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
  // Without Redis, the subgraphs have to know the gateway before it has started.
  const adminPort = redis === undefined ? await freePort() : 0;
  const subgraphEnv = {
    ...env,
    ...(redis === undefined && { CACHE_INVALIDATION_URL: `http://127.0.0.1:${adminPort}/invalidate` }),
    ...subgraphsEnv,
  };
  const ordersSettings = readOrdersSettings({ ...subgraphEnv, ...ordersEnv });
  const subgraphs = {
    users: await startUsers({ ...readUsersSettings(subgraphEnv), SUBGRAPH_URLS: urls }),
    products: await startProducts({ ...readProductsSettings(subgraphEnv), SUBGRAPH_URLS: urls }),
    orders: await startOrders({ ...ordersSettings, SUBGRAPH_URLS: urls }),
  };
  for (const [name, { url }] of Object.entries(subgraphs)) urls.set(name, url);
  const settings = {
    subgraphs: { ...subgraphEnv, SUBGRAPH_URLS: textOf(urls) },
    gateway: {
      ...env,
      SUPERGRAPH,
      GATEWAY_CONFIG,
      SUBGRAPH_URLS: textOf(urls),
      AUTH_JWKS_URL: new URL('/.well-known/jwks.json', subgraphs.users.url).href,
      ...gatewayEnv,
    },
  };
  const gateway = await startGateway(
    readGatewaySettings({ ...settings.gateway, ADMIN_PORT: String(adminPort) }),
    { example: EXAMPLE },
  );
  const bearer = async (subject: string, role: string, seconds = 600) => {
    const token = await signAccessToken({ subject, scopes: [role] }, key, AUTHORITY, seconds);
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
    authorizationOf: (id, role = 'customer', seconds) => bearer(id, role, seconds),
    settings,
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

/** Addresses of subgraphs as the setting `SUBGRAPH_URLS` has them. */
export const textOf = (urls: ReadonlyMap<string, string>): string =>
  [...urls].map(([name, url]) => `${name}=${url}`).join(',');
