import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import responseCachePlugin from '@apollo/server-plugin-response-cache';
import { Redis } from 'ioredis';

/**
 * The stock gateway with Apollo's response cache, as its documentation has it. `SUPERGRAPH` is the SDL's file, `PORT`
 * where it listens, `CACHE` where answers are kept: in `memory`, in `redis` at `REDIS_URL`, or nowhere.
 */
const { SUPERGRAPH = '', PORT, CACHE, REDIS_URL = '' } = process.env;

type Cache = Exclude<NonNullable<ApolloServerOptions<object>['cache']>, 'bounded'>;

/** What Apollo Server wants of a cache, by Redis. */
function redisCache(): Cache {
  const redis = new Redis(REDIS_URL);
  return {
    get: async (key) => (await redis.get(key)) ?? undefined,
    async set(key, value, { ttl } = {}) {
      if (ttl) await redis.set(key, value, 'EX', Math.ceil(ttl));
      else await redis.set(key, value);
    },
    delete: async (key) => void (await redis.del(key)),
  };
}

const server = new ApolloServer({
  gateway: new ApolloGateway({ supergraphSdl: readFileSync(SUPERGRAPH, 'utf8') }),
  ...(CACHE === 'redis' && { cache: redisCache() }),
  plugins: CACHE === 'none' ? [] : [responseCachePlugin()],
});
await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: Number(PORT) } });
