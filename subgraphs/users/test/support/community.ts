import { createMetrics } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/users/client';
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
import { startUsers } from '../../src/start.ts';

/** The users subgraph on a database of its own. */
export interface Community {
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

/** Starts the subgraph on an empty database. @param settings - beside those that every test has */
export async function openCommunity(settings: Record<string, string> = {}): Promise<Community> {
  const database = await createTestDatabase('users');
  const { prisma, close } = connectDatabase({
    url: database.url,
    poolSize: 1,
    metrics: createMetrics('fixtures'),
    createClient: (options) => new PrismaClient(options),
  });
  const subgraph = await startUsers(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      INTERNAL_SECRET: TEST_SECRET,
      USERS_DATABASE_URL: database.url,
      ...settings,
    }),
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
