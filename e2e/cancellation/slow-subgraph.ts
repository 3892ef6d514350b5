import { EventEmitter, once } from 'node:events';
import { PrismaClient } from '@tributary/prisma/users/client';
import { type RequestContext, type RunningSubgraph, startSubgraph } from '@tributary/subgraph-kit';
import { createTestDatabase, TEST_SECRET, type TestDatabase } from '@tributary/testing';

/** The number of the advisory lock that statements wait for. */
export const LOCK = 7_243_101;

/** A subgraph of which the test says when it goes on. */
export interface SlowSubgraph extends RunningSubgraph {
  database: TestDatabase;
  /** Emits `asked` for each request, `arrived` when a resolver waits for `open`, and `cancelled` when a request is. */
  gate: EventEmitter;
  /** How often `Step.count` began. */
  counted(): number;
}

interface Context extends RequestContext {
  prisma: PrismaClient<'query'>;
}

/** Starts it on a database of its own, with one connection. */
export async function startSlowSubgraph(): Promise<SlowSubgraph> {
  const database = await createTestDatabase('users');
  const gate = new EventEmitter();
  let counted = 0;

  const passGate = async () => {
    const opened = once(gate, 'open');
    gate.emit('arrived');
    await opened;
  };
  const waitForLock = async (prisma: Pick<Context['prisma'], '$queryRaw'>) => {
    const [row] = await prisma.$queryRaw<{ pid: number }[]>`
      SELECT pg_backend_pid() AS pid FROM (SELECT pg_advisory_xact_lock_shared(${LOCK})::text OFFSET 0) waited`;
    return row?.pid;
  };
  const resolvers = {
    Query: {
      waiting: (_query: unknown, _args: unknown, { prisma }: Context) => waitForLock(prisma),
      async gated() {
        await passGate();
        return {};
      },
      async userAtGate(_query: unknown, { id }: { id: string }, { prisma }: Context) {
        await passGate();
        const user = await prisma.user.findUnique({ where: { id } });
        return user?.displayName;
      },
    },
    Step: {
      count: (_step: unknown, _args: unknown, { prisma }: Context) => {
        counted++;
        return prisma.user.count();
      },
    },
    Mutation: {
      async add(_mutation: unknown, { id }: { id: string }, { prisma }: Context) {
        await waitForLock(prisma);
        await prisma.user.create({ data: { id, displayName: 'Added' } });
        return 1;
      },
    },
  };
  const subgraph = await startSubgraph<PrismaClient<'query'>, Context>({
    name: 'slow',
    settings: {
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: 0,
      ADMIN_PORT: 0,
      LOG_LEVEL: 'silent',
      OPERATION_LOG_LEVEL: 'debug',
      SLOW_OPERATION_MS: 0,
      SHUTDOWN_GRACE_MS: 1_000,
      INTERNAL_SECRET: TEST_SECRET,
      DATABASE_POOL_SIZE: 1,
      DATABASE_REPLICA_MAX_LAG_MS: 2_000,
      SUBGRAPH_URLS: new Map(),
      JOB_CONCURRENCY: 0,
      SUBGRAPH_MAX_BODY_BYTES: 10_000,
      SUBGRAPH_MAX_TOKENS: 100,
      SUBGRAPH_MAX_DEPTH: 10,
      SUBSCRIPTIONS_PER_CONNECTION: 10,
      OTEL_TRACES_SAMPLER_ARG: 0,
      OTEL_BSP_SCHEDULE_DELAY: 5_000,
    },
    database: { url: database.url, createClient: (options) => new PrismaClient(options) },
    schemaFile: new URL('./schema.graphql', import.meta.url),
    resolvers,
    assemble: ({ prisma }) => ({
      createContext(request) {
        gate.emit('asked');
        request.signal.addEventListener('abort', () => gate.emit('cancelled'));
        return { ...request, prisma };
      },
    }),
  });
  return {
    ...subgraph,
    database,
    gate,
    counted: () => counted,
    async close() {
      await subgraph.close();
      await database.drop();
    },
  };
}
