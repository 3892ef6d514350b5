import type { Side } from '../../harness/scenario.ts';
import type { Scope } from '../../harness/scope.ts';
import { startServerProcess } from '../../harness/server-process.ts';
import type { Keys } from './keys.ts';
import type { Shop } from './shop.ts';

/** What every side of the benchmark is started with. */
export interface ServerOptions {
  shop: Shop;
  keys: Keys;
  /** Folder for CPU profiles; null for none. */
  profileDir: string | null;
  scope: Scope;
}

const SUBGRAPHS = ['users', 'products', 'orders'] as const;

/** Starts the three subgraphs and the gateway, each in its own process. */
export async function startFederation({ shop, keys, profileDir, scope }: ServerOptions): Promise<Side> {
  const shared = { ...shop.env, INTERNAL_SECRET: keys.internalSecret };
  const subgraphs = await Promise.all(
    SUBGRAPHS.map(async (name) => {
      const process = await startServerProcess({
        name,
        program: `subgraphs/${name}/dist/main.js`,
        env: { ...shared, ...(name === 'users' && { AUTH_SIGNING_KEYS: JSON.stringify([keys.signingKey]) }) },
        profileDir,
        scope,
      });
      return { name, ...process };
    }),
  );
  const users = subgraphs.find(({ name }) => name === 'users');
  const gateway = await startServerProcess({
    name: 'gateway',
    program: 'gateway/dist/main.js',
    env: {
      INTERNAL_SECRET: keys.internalSecret,
      SUPERGRAPH: 'supergraph.yaml',
      SUBGRAPH_URLS: subgraphs.map(({ name, url }) => `${name}=${url}/graphql`).join(','),
      AUTH_JWKS_URL: `${users?.url}/.well-known/jwks.json`,
      AUTH_ISSUER: keys.authority.issuer,
      AUTH_AUDIENCE: keys.authority.audience,
    },
    profileDir,
    scope,
  });
  return {
    name: 'federation',
    url: `${gateway.url}/graphql`,
    adminUrls: [gateway, ...subgraphs].map(({ adminUrl }) => adminUrl),
  };
}
