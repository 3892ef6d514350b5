import { type RunningGateway, readSettings as readGatewaySettings, startGateway } from '@tributary/gateway';
import { readSettings as readOrdersSettings, start as startOrders } from '@tributary/orders';
import { type Environment, freePort } from '@tributary/platform';
import type { Database } from '@tributary/prisma/seed';
import { readSettings as readProductsSettings, start as startProducts } from '@tributary/products';
import type { RunningSubgraph } from '@tributary/subgraph-kit';
import { type Answer, graphql } from '@tributary/testing/outside-jest';
import { readSettings as readUsersSettings, start as startUsers } from '@tributary/users';
import { GATEWAY_FILES, type Ground, layGround, type Viewer } from './ground.ts';

export type { Viewer };

/** The whole graph on free ports, with a database of its own for each subgraph. */
export interface Graph extends Pick<Ground, 'databases' | 'authorization' | 'authorizationOf'> {
  gateway: RunningGateway;
  subgraphs: Record<Database, RunningSubgraph>;
  /** Where the subgraphs find each other, by name; what is put there holds from the next call on. */
  urls: Map<string, string>;
  /** Asks the gateway. */
  ask<Data = Record<string, unknown>>(
    query: string,
    options?: { variables?: Record<string, unknown>; viewer?: Viewer; headers?: Record<string, string> },
  ): Promise<Answer<Data>>;
  /** What the services were started with, for further ones in processes of their own. */
  settings: { gateway: Environment; subgraphs: Environment };
  stop(): Promise<void>;
}

export interface GraphOptions {
  /** Of the demo shop. @default 0.05 */
  scale?: number;
  /** Connection string of the PostgreSQL that has the databases. @default TEST_POSTGRES_URL */
  postgres?: string;
  /** Gives another address by which the subgraphs reach a database. @default the database's own */
  wayTo?: (database: string) => Promise<string>;
  /** Connection string of a replica of `postgres`, which then answers queries. @default none: all is read from `postgres` */
  replica?: string;
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

/** What the explorers start with. */
export const EXAMPLE = { query: '{ categories(first: 1) { edges { node { name } } } }' };

/** Starts the graph; each part is the real one, with real HTTP between them. */
export async function startGraph({
  scale,
  postgres,
  wayTo,
  replica,
  jobs = true,
  redis,
  gateway: gatewayEnv = {},
  subgraphs: subgraphsEnv = {},
  orders: ordersEnv = {},
}: GraphOptions = {}): Promise<Graph> {
  const ground = await layGround({ scale, postgres, wayTo });
  const { databases, authorization, authorizationOf } = ground;
  const env = {
    ...ground.env,
    ...(redis !== undefined && { REDIS_URL: redis }),
    ...(!jobs && { JOB_CONCURRENCY: '0' }),
  };
  const urls = new Map<string, string>();
  // Without Redis, the subgraphs have to know the gateway before it has started.
  const adminPort = redis === undefined ? await freePort() : 0;
  const subgraphEnv = {
    ...env,
    ...(replica !== undefined && replicasOf(databases, replica)),
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
      ...GATEWAY_FILES,
      PLANNING_WORKERS: '0', // a thread takes a second to start
      SUBGRAPH_URLS: textOf(urls),
      AUTH_JWKS_URL: new URL('/.well-known/jwks.json', subgraphs.users.url).href,
      ...gatewayEnv,
    },
  };
  const gateway = await startGateway(
    readGatewaySettings({ ...settings.gateway, ADMIN_PORT: String(adminPort) }),
    { example: EXAMPLE },
  );
  return {
    gateway,
    subgraphs,
    databases,
    urls,
    authorization,
    authorizationOf,
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
      await ground.clear();
    },
  };
}

/** Addresses of subgraphs as the setting `SUBGRAPH_URLS` has them. */
export const textOf = (urls: ReadonlyMap<string, string>): string =>
  [...urls].map(([name, url]) => `${name}=${url}`).join(',');

/** The settings that have each database read from its copy on another server. */
const replicasOf = (databases: Ground['databases'], server: string): Environment =>
  Object.fromEntries(
    Object.entries(databases).map(([name, { url }]) => [
      `${name.toUpperCase()}_DATABASE_REPLICA_URLS`,
      Object.assign(new URL(server), { pathname: new URL(url).pathname }).href,
    ]),
  );
