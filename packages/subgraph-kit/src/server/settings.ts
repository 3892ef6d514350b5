import { eventsOut } from '@tributary/domain-events';
import {
  listenerSettings,
  type OperationLogSettings,
  operationLogSettings,
  redisUrl,
  type ServerTlsSettings,
  type SubgraphTlsSettings,
  subgraphTlsSettings,
  subgraphUrls,
  type TracingSettings,
  tracingSettings,
} from '@tributary/platform';
import { z } from 'zod';
import { retentionDays } from '../database/retention/retained-table.ts';

/** What every subgraph can be told by its environment. */
export const subgraphSettings = (ports: { port: number; adminPort: number }) => ({
  ...listenerSettings(ports),
  ...operationLogSettings,
  ...tracingSettings,
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
  DATABASE_REPLICA_MAX_LAG_MS: z.coerce
    .number()
    .int()
    .min(500)
    .max(60_000)
    .default(2_000)
    .describe('Milliseconds that a read replica may be behind; one that is further behind is not read'),
  SUBGRAPH_URLS: subgraphUrls().describe(
    'Where the other subgraphs are, for calls between services: `users=http://users:4001/graphql,…`',
  ),
  ...subgraphTlsSettings,
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
  EVENTS_OUT: eventsOut()
    .optional()
    .describe(
      'Where events go for other systems: `redis://…`, `nats://…`, `amqp://…` or `kafka://…`, see [docs/domain-events.md](docs/domain-events.md). `off` ends what another value has begun',
    ),
  CACHE_INVALIDATION_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .optional()
    .describe(
      'Where the gateway is told which kept answers are old, without Redis: `http://gateway:4010/invalidate`',
    ),
  SUBGRAPH_MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .min(1_000)
    .default(1_000_000)
    .describe('Most bytes in the body of a request to a subgraph; a gateway asks for many entities at once'),
  SUBGRAPH_MAX_TOKENS: z.coerce
    .number()
    .int()
    .min(100)
    .default(15_000)
    .describe(
      'Most tokens in a document for a subgraph; those that a gateway makes are longer than a client’s',
    ),
  SUBGRAPH_MAX_DEPTH: z.coerce
    .number()
    .int()
    .min(10)
    .max(500, 'must be at most 500: what is nested deeper cannot be read')
    .default(100)
    .describe('Most levels of brackets in a document for a subgraph'),
  SUBSCRIPTIONS_PER_CONNECTION: z.coerce
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe('Subscriptions that may run on one WebSocket; a gateway has many on each'),
  AUDIT_ARCHIVE_AFTER_MONTHS: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      'Whole months that entries stay in the audit log before they go to the archive. Without it, they stay',
    ),
  DEAD_JOB_RETENTION_DAYS: retentionDays({ usual: 90, min: 7 }).describe(
    'Days that a dead job stays after its last try, for somebody to have it tried again; one that erases a person stays',
  ),
});

/** A subgraph's settings after they were read. */
export interface SubgraphSettings
  extends OperationLogSettings,
    TracingSettings,
    ServerTlsSettings,
    SubgraphTlsSettings {
  DATA_REGION?: string | undefined;
  NODE_ENV: 'development' | 'test' | 'production';
  HOST: string;
  PORT: number;
  ADMIN_PORT: number;
  ADMIN_TOKEN?: string | undefined;
  LOG_LEVEL: string;
  SHUTDOWN_GRACE_MS: number;
  SHUTDOWN_DELAY_MS?: number | undefined;
  INTERNAL_SECRET?: string | undefined;
  DATABASE_POOL_SIZE: number;
  DATABASE_REPLICA_MAX_LAG_MS: number;
  SUBGRAPH_URLS: ReadonlyMap<string, string>;
  JOB_CONCURRENCY: number;
  REDIS_URL?: string | undefined;
  EVENTS_OUT?: string | undefined;
  CACHE_INVALIDATION_URL?: string | undefined;
  SUBGRAPH_MAX_BODY_BYTES: number;
  SUBGRAPH_MAX_TOKENS: number;
  SUBGRAPH_MAX_DEPTH: number;
  SUBSCRIPTIONS_PER_CONNECTION: number;
  AUDIT_ARCHIVE_AFTER_MONTHS?: number | undefined;
}
