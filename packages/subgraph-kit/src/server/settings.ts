import { listenerSettings, redisUrl, subgraphUrls } from '@tributary/platform';
import { z } from 'zod';

/** What every subgraph can be told by its environment. */
export const subgraphSettings = (ports: { port: number; adminPort: number }) => ({
  ...listenerSettings(ports),
  INTERNAL_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe('Shared by gateway and subgraphs; signs who is asking. Required in production'),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Connections to PostgreSQL, for each process'),
  SUBGRAPH_URLS: subgraphUrls().describe(
    'Where the other subgraphs are, for calls between services: `users=http://users:4001/graphql,…`',
  ),
  JOB_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(0)
    .default(4)
    .describe('Jobs that this process works on at once; 0 leaves them to other processes'),
  REDIS_URL: redisUrl()
    .optional()
    .describe(
      'Redis by which the processes of a service tell each other what happened. Without it, each tells itself',
    ),
  CACHE_INVALIDATION_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .optional()
    .describe(
      'Where the gateway is told which kept answers are old, without Redis: `http://gateway:4010/invalidate`',
    ),
  SUBSCRIPTIONS_PER_CONNECTION: z.coerce
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe('Subscriptions that may run on one WebSocket; a gateway has many on each'),
});

/** A subgraph's settings after they were read. */
export interface SubgraphSettings {
  NODE_ENV: 'development' | 'test' | 'production';
  HOST: string;
  PORT: number;
  ADMIN_PORT: number;
  LOG_LEVEL: string;
  SHUTDOWN_GRACE_MS: number;
  INTERNAL_SECRET?: string | undefined;
  DATABASE_POOL_SIZE: number;
  SUBGRAPH_URLS: ReadonlyMap<string, string>;
  JOB_CONCURRENCY: number;
  REDIS_URL?: string | undefined;
  CACHE_INVALIDATION_URL?: string | undefined;
  SUBSCRIPTIONS_PER_CONNECTION: number;
}
