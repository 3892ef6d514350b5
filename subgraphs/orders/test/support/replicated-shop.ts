import { setTimeout as pause } from 'node:timers/promises';
import { createMetrics } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { connectDatabase, type RunningSubgraph } from '@tributary/subgraph-kit';
import {
  type Answer,
  createTestDatabase,
  graphql,
  identityHeaders,
  type ReplicatedPostgres,
  startReplicatedPostgres,
  startTestRedis,
  TEST_SECRET,
  type TestViewer,
} from '@tributary/testing';
import { readSettings } from '../../src/config.ts';
import { startOrders } from '../../src/start.ts';

/** A process of the orders subgraph that has a replica. */
export interface ReplicatedOrders {
  subgraph: RunningSubgraph;
  ask(
    viewer: TestViewer | null,
    query: string,
    clientAddress?: string,
  ): Promise<Answer<Record<string, unknown>>>;
  /** Statements of queries that a server has answered. @param server - `primary` or `replica` */
  reads(server: 'primary' | 'replica'): Promise<number>;
  /** Statements that failed on the replica and were sent to the primary. */
  sentOn(): Promise<number>;
  /** Waits until the replica is read, or is not. */
  untilRead(isRead: boolean): Promise<void>;
}

/** A database of orders with a replica, and processes that use both. */
export interface ReplicatedShop extends ReplicatedPostgres {
  /** Of the primary, past the service: nobody is told of what it changes. */
  prisma: PrismaClient;
  redisUrl: string;
  /** The replica's connection string. */
  replicaUrl: string;
  /** Starts a process, which leaves the jobs to others. */
  start(settings?: Record<string, string>): Promise<ReplicatedOrders>;
  /** Starts one, and waits until it reads from the replica. */
  open(settings?: Record<string, string>): Promise<ReplicatedOrders>;
}

/** Starts the servers, with an empty database. */
export async function openReplicatedShop(): Promise<ReplicatedShop> {
  const postgres = await startReplicatedPostgres();
  const redis = await startTestRedis();
  const { url } = await createTestDatabase('orders', { server: postgres.primary.url('postgres') });
  const name = new URL(url).pathname.slice(1);
  const replicaUrl = postgres.replica.url(name);
  const fixtures = connectDatabase({
    url,
    poolSize: 1,
    metrics: createMetrics('fixtures'),
    createClient: (options) => new PrismaClient(options),
  });
  const processes: RunningSubgraph[] = [];
  const start = async (settings: Record<string, string> = {}) => {
    const subgraph = await startOrders(
      readSettings({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: '0',
        ADMIN_PORT: '0',
        INTERNAL_SECRET: TEST_SECRET,
        ORDERS_DATABASE_URL: url,
        ORDERS_DATABASE_REPLICA_URLS: replicaUrl,
        REDIS_URL: redis.url,
        JOB_CONCURRENCY: '0',
        ...settings,
      }),
    );
    processes.push(subgraph);
    return describeProcess(subgraph);
  };
  return {
    ...postgres,
    prisma: fixtures.prisma,
    redisUrl: redis.url,
    replicaUrl,
    start,
    async open(settings) {
      const orders = await start(settings);
      await orders.untilRead(true);
      return orders;
    },
    async stop() {
      await Promise.all(processes.map((subgraph) => subgraph.close()));
      await fixtures.close();
      await redis.stop();
      await postgres.stop();
    },
  };
}

function describeProcess(subgraph: RunningSubgraph): ReplicatedOrders {
  const valuesOf = async (metric: string) =>
    ((await subgraph.metrics.getSingleMetric(metric)?.get())?.values ?? []) as {
      value: number;
      labels: Partial<Record<string, string>>;
    }[];
  const sum = (values: { value: number }[]) => values.reduce((total, { value }) => total + value, 0);
  return {
    subgraph,
    ask: async (viewer, query, clientAddress = '203.0.113.1') =>
      graphql(subgraph.url, { query, headers: await identityHeaders(viewer, clientAddress) }),
    reads: async (server) =>
      sum(
        (await valuesOf('db_reads_total')).filter(
          ({ labels }) => (labels.server === 'primary') === (server === 'primary'),
        ),
      ),
    sentOn: async () => sum(await valuesOf('db_reads_sent_on_total')),
    async untilRead(isRead) {
      while (sum(await valuesOf('db_replica_in_rotation')) !== (isRead ? 1 : 0)) await pause(20);
    },
  };
}
