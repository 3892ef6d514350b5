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
import { startOrders } from '../../src/start.ts';

/** The orders subgraph on a database of its own. */
export interface Shop {
  /** For putting rows in; its statements are not among the subgraph's. */
  prisma: PrismaClient;
  subgraph: RunningSubgraph;
  /** Sends an operation as a viewer. */
  ask<Data = Record<string, unknown>>(
    viewer: TestViewer | null,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<Answer<Data>>;
  close(): Promise<void>;
}

/** Starts the subgraph on an empty database. */
export async function openShop(): Promise<Shop> {
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
    }),
  );
  return {
    prisma,
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
