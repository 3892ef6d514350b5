import type { Environment } from '@tributary/platform';
import type { Side } from '../harness/scenario.ts';
import type { Scope } from '../harness/scope.ts';
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts';
import type { Keys } from './keys.ts';
import type { Shop } from './shop.ts';

/** What every side of the benchmark is started with. */
export interface ServerOptions {
  shop: Shop;
  keys: Keys;
  /** Folder for CPU profiles; null for none. */
  profileDir: string | null;
  scope: Scope;
  /** Further settings of all servers. @default none */
  env?: Readonly<Record<string, string>>;
}

/** Starts the three subgraphs and the gateway, each in its own process. */
export async function startFederation({
  shop,
  keys,
  profileDir,
  scope,
  env: further = {},
}: ServerOptions): Promise<Side> {
  const shared = { ...shop.env, INTERNAL_SECRET: keys.internalSecret, ...further };
  const subgraph = (name: string, env: Environment) =>
    startServerProcess({
      name,
      program: `subgraphs/${name}/dist/main.js`,
      env: { ...shared, ...env },
      profileDir,
      scope,
    });
  const [users, products] = await Promise.all([
    subgraph('users', { AUTH_SIGNING_KEYS: JSON.stringify([keys.signingKey]) }),
    subgraph('products', {}),
  ]);
  // The one that asks the others.
  const orders = await subgraph('orders', { SUBGRAPH_URLS: routing({ users, products }) });
  const gateway = await startServerProcess({
    name: 'gateway',
    program: 'gateway/dist/main.js',
    env: {
      ...further,
      INTERNAL_SECRET: keys.internalSecret,
      SUPERGRAPH: 'supergraph.yaml',
      SUBGRAPH_URLS: routing({ users, products, orders }),
      SUBGRAPH_TIMEOUT_MS: '30000', // a late answer is a figure, not a failure
      SHARE_FETCHES: 'false', // the single process has nothing of the kind: both do the same work for each request
      AUTH_JWKS_URL: `${users.url}/.well-known/jwks.json`,
      AUTH_ISSUER: keys.authority.issuer,
      AUTH_AUDIENCE: keys.authority.audience,
    },
    profileDir,
    scope,
  });
  return {
    name: 'federation',
    url: `${gateway.url}/graphql`,
    adminUrls: [gateway, users, products, orders].map(({ adminUrl }) => adminUrl),
  };
}

/** The setting that tells where subgraphs are. */
const routing = (subgraphs: Readonly<Record<string, ServerProcess>>): string =>
  Object.entries(subgraphs)
    .map(([name, { url }]) => `${name}=${url}/graphql`)
    .join(',');
