import { listenerSettings, subgraphUrls } from '@tributary/platform';
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
}
