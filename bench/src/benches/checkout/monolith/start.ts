import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { startWorker } from '@tributary/jobs';
import {
  createHttpService,
  createLogger,
  createMetrics,
  createViewerMark,
  type RunningService,
} from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { connectDatabase, createRequestContext } from '@tributary/subgraph-kit';
import { createIdentification } from '../../../single-process/identification.ts';
import type { Settings } from './config.ts';
import { createTasks } from './jobs.ts';
import { type Context, createSchema } from './schema.ts';

/**
 * Starts what a user would write instead of services: one server that places orders in one transaction of one
 * database, and works on the jobs that follow.
 *
 * @throws StartupError when a port is taken
 */
export async function startMonolith(settings: Settings): Promise<RunningService> {
  const logger = createLogger({ name: 'monolith', ...settings });
  const logs = { logger, viewerMark: createViewerMark(undefined) };
  const metrics = createMetrics('monolith');
  const database = connectDatabase({
    url: settings.DATABASE_URL,
    poolSize: settings.DATABASE_POOL_SIZE,
    metrics,
    createClient: (options) => new PrismaClient(options),
  });
  const { prisma } = database;
  const http = createHttpService({ ...settings, logger, metrics, readiness: { database: database.ping } });
  const apollo = new ApolloServer<Context>({
    schema: createSchema(),
    introspection: false,
    includeStacktraceInErrorResponses: false,
    plugins: [fastifyApolloDrainPlugin(http.app)],
    stopOnTerminationSignals: false,
    logger,
  });
  await apollo.start();
  const identify = createIdentification(settings);
  http.app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        const identity = await identify(request.headers.authorization);
        const caller = { identity, service: null, clientAddress: request.ip };
        return { prisma, ...createRequestContext(caller, prisma, logs, request, reply) };
      },
    }),
  });
  const worker = await startWorker({
    url: settings.DATABASE_URL,
    service: 'monolith',
    tasks: createTasks(prisma, logger),
    concurrency: settings.JOB_CONCURRENCY,
    logger,
    metrics,
  });
  await http.listen();
  return {
    logger,
    SHUTDOWN_GRACE_MS: settings.SHUTDOWN_GRACE_MS,
    async close() {
      http.drain();
      await apollo.stop();
      await http.close();
      await worker.stop();
      await database.close();
    },
  };
}
