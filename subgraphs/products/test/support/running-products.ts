import { createMetrics, type Environment } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/products/client';
import { readSettings, start } from '@tributary/products';
import { connectDatabase } from '@tributary/subgraph-kit';
import {
  type Answer,
  countStatements,
  createTestDatabase,
  graphql,
  identityHeaders,
  serviceHeaders,
  someViewer,
  TEST_SECRET,
  type TestDatabaseOptions,
  type TestViewer,
} from '@tributary/testing';

/** Who asks: nobody, or somebody with a role. */
export type Asker = TestViewer['role'] | 'NOBODY';

/** The products subgraph on a database of its own. */
export interface RunningProducts {
  /** Of GraphQL. */
  url: string;
  databaseUrl: string;
  /** Straight to the database, to put rows in. */
  prisma: PrismaClient;
  /** @param asker - nobody unless said otherwise */
  ask<Data>(query: string, variables?: Record<string, unknown>, asker?: Asker): Promise<Answer<Data>>;
  /** As `ask`, without errors. */
  data<Data>(query: string, variables?: Record<string, unknown>, asker?: Asker): Promise<Data>;
  /** As `data`, by the orders subgraph, which asks by itself. */
  internal<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Counts the SQL statements that something takes. */
  count<Result>(run: () => Promise<Result>): Promise<{ result: Result; statements: number }>;
  /** SQL statements that staff's query takes. */
  statements(query: string, variables?: Record<string, unknown>): Promise<number>;
  /** Ends the subgraph, and leaves the database. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the subgraph over HTTP, on free ports. @param settings - besides those that every test has */
export async function runProducts(
  options?: TestDatabaseOptions,
  settings: Environment = {},
): Promise<RunningProducts> {
  const database = await createTestDatabase('products', options);
  const running = await start(
    readSettings({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      ADMIN_PORT: '0',
      JOB_CONCURRENCY: '0',
      INTERNAL_SECRET: TEST_SECRET,
      PRODUCTS_DATABASE_URL: database.url,
      ...settings,
    }),
  );
  const own = connectDatabase({
    url: database.url,
    poolSize: 2,
    metrics: createMetrics('test'),
    createClient: (options) => new PrismaClient(options),
  });
  const ask = async <Data>(query: string, variables: Record<string, unknown> = {}, asker: Asker = 'NOBODY') =>
    graphql<Data>(running.url, {
      query,
      variables,
      headers: await identityHeaders(asker === 'NOBODY' ? null : someViewer(asker)),
    });
  const data = async <Data>(query: string, variables?: Record<string, unknown>, asker?: Asker) =>
    withoutErrors(await ask<Data>(query, variables, asker));
  let stopped = false;
  const stop = async () => {
    if (!stopped) await running.close();
    stopped = true;
  };
  return {
    url: running.url,
    databaseUrl: database.url,
    prisma: own.prisma,
    ask,
    data,
    internal: async <Data>(query: string, variables: Record<string, unknown> = {}) =>
      withoutErrors(
        await graphql<Data>(running.url, { query, variables, headers: await serviceHeaders('orders') }),
      ),
    count: (run) => countStatements([running.metrics], run),
    statements: async (query, variables) =>
      (await countStatements([running.metrics], () => data(query, variables, 'STAFF'))).statements,
    stop,
    async close() {
      await stop();
      await own.close();
      await database.drop();
    },
  };
}

function withoutErrors<Data>({ data, errors }: Answer<Data>): Data {
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
