import { defineConfig } from '@graphql-hive/gateway';

const { CACHE, REDIS_URL } = process.env;

/** Hive Gateway as it comes, with its response cache where `CACHE` says, which heeds the subgraphs' `Cache-Control`. */
export const gatewayConfig = defineConfig({
  ...(CACHE === 'redis' && { cache: { type: 'redis', url: REDIS_URL } }),
  ...(CACHE !== 'none' && { responseCaching: { session: () => null } }),
});
