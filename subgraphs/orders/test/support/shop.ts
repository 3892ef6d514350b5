import { createMetrics } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { connectDatabase, type RunningSubgraph } from '@tributary/subgraph-kit';
import {
  type Answer,
  createTestDatabase,
  graphql,
  identityHeaders,
  TEST_SECRET,
  type TestViewer,
} from '@tributary/testing';
import { readSettings } from '../../src/config.ts';
import type { Checkpoint } from '../../src/services/placing/checkpoint.ts';
import { startOrders } from '../../src/start.ts';

/** The orders subgraph on a database of its own. */
export interface Shop {
  /** For putting rows in; its statements are not among the subgraph's. */
  prisma: PrismaClient;
  /** Connection string. */
  databaseUrl: string;
  subgraph: RunningSubgraph;
  /** Sends an operation as a viewer. */
  ask<Data = Record<string, unknown>>(
    viewer: TestViewer | null,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<Answer<Data>>;
  close(): Promise<void>;
}

/**
 * Starts the subgraph on an empty database. It leaves the jobs to the tests.
 *
 * @param settings - beside those that every test has
 * @param checkpoint - called between the steps of placing an order
 */
export async function openShop(
  settings: Record<string, string> = {},
  checkpoint?: Checkpoint,
): Promise<Shop> {
  const database = await createTestDatabase('orders');
  const { prisma, close } = connectDatabase({
    url: database.url,
    poolSize: 1,
    metrics: createMetrics('fixtures'),
    createClient: (options) => new PrismaClient(options),
  });
  // A server need not run in UTC; what the subgraph reads must be the same.
  const { pathname } = new URL(database.url);
  await prisma.$executeRawUnsafe(`ALTER DATABASE "${pathname.slice(1)}" SET TimeZone TO 'Asia/Kathmandu'`);
  const subgraph = await startOrders(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      INTERNAL_SECRET: TEST_SECRET,
      ORDERS_DATABASE_URL: database.url,
      JOB_CONCURRENCY: '0',
      ...settings,
    }),
    undefined,
    { checkpoint },
  );
  return {
    prisma,
    databaseUrl: database.url,
    subgraph,
    ask: async (viewer, query, variables = {}) =>
      graphql(subgraph.url, { query, variables, headers: await identityHeaders(viewer) }),
    async close() {
      await subgraph.close();
      await close();
      await database.drop();
    },
  };
}
