import { publicKeySet } from '@tributary/platform';
import type { Keys } from '../../federation/keys.ts';
import type { Scope } from '../../harness/scope.ts';
import { startServerProcess } from '../../harness/server-process.ts';
import type { CheckoutSide } from './side.ts';

export interface OneTransactionOptions {
  /** Connection string of the database with everything. */
  databaseUrl: string;
  keys: Keys;
  /** Folder for a CPU profile; null for none. */
  profileDir: string | null;
  scope: Scope;
}

/** Starts the peer: one process and one database, an order is one transaction. */
export async function startOneTransaction(options: OneTransactionOptions): Promise<CheckoutSide> {
  const { databaseUrl, keys, profileDir, scope } = options;
  const { url, adminUrl } = await startServerProcess({
    name: 'monolith',
    program: 'bench/dist/benches/checkout/monolith/main.js',
    env: {
      DATABASE_URL: databaseUrl,
      AUTH_KEY_SET: JSON.stringify(publicKeySet([keys.signingKey])),
      AUTH_ISSUER: keys.authority.issuer,
      AUTH_AUDIENCE: keys.authority.audience,
    },
    profileDir,
    scope,
  });
  return {
    name: 'one transaction',
    url: `${url}/graphql`,
    adminUrls: [adminUrl],
    databases: { users: databaseUrl, products: databaseUrl, orders: databaseUrl },
  };
}
