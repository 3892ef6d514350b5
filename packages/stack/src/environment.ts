import { fileURLToPath } from 'node:url';
import type { Environment } from '@tributary/platform';
import type { Databases } from './parts/databases.ts';
import type { LocalPayments } from './parts/payments.ts';
import type { LocalRedis } from './parts/redis.ts';
import { LOCAL_AUTHORITY, type Secrets } from './parts/secrets.ts';

/** Address of the supergraph's configuration. */
export const SUPERGRAPH_FILE = fileURLToPath(new URL('../../../supergraph.yaml', import.meta.url));

/** Address of the shop's own settings for the gateway. */
const GATEWAY_FILE = fileURLToPath(new URL('../../../gateway.yaml', import.meta.url));

/** The environment that all services of a stack share: what the caller set, over what was found or made here. */
export const sharedEnvironment = (
  env: Environment,
  parts: {
    databases: Databases;
    redis: LocalRedis;
    payments: LocalPayments;
    secrets: Secrets;
    adminPort: number;
  },
): Environment => ({
  LOG_LEVEL: 'warn',
  INTERNAL_SECRET: parts.secrets.internalSecret,
  AUTH_SIGNING_KEYS: JSON.stringify([parts.secrets.signingKey]),
  // The gateway is told directly of what has changed where it cannot be told by Redis.
  ...(parts.redis.url
    ? { REDIS_URL: parts.redis.url }
    : { CACHE_INVALIDATION_URL: `http://127.0.0.1:${parts.adminPort}/invalidate` }),
  ...parts.payments.env,
  ...env,
  ADMIN_PORT: String(parts.adminPort),
  ...parts.databases.urls,
});

/** The cookie in which browsers keep the refresh token, for the subgraph that makes it. */
const SESSION_COOKIE = 'users=__Host-tributary-refresh';

/** Addresses as the setting `SUBGRAPH_URLS` has them. */
export const listOf = (urls: ReadonlyMap<string, string>): string =>
  [...urls].map(([name, url]) => `${name}=${url}`).join(',');

/** The gateway's environment. @param subgraphs - GraphQL addresses by name */
export const gatewayEnvironment = (
  shared: Environment,
  subgraphs: ReadonlyMap<string, string>,
): Environment => ({
  SUPERGRAPH: SUPERGRAPH_FILE,
  GATEWAY_CONFIG: GATEWAY_FILE,
  SUBGRAPH_URLS: listOf(subgraphs),
  COOKIES: SESSION_COOKIE,
  AUTH_JWKS_URL: new URL('/.well-known/jwks.json', subgraphs.get('users')).href,
  AUTH_ISSUER: LOCAL_AUTHORITY.issuer,
  AUTH_AUDIENCE: LOCAL_AUTHORITY.audience,
  ...shared,
});
