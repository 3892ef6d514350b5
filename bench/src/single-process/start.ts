import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import {
  Counter,
  createHttpService,
  createLogger,
  createMetrics,
  createViewerMark,
  type RunningService,
} from '@tributary/platform';
import { createRequestContext } from '@tributary/subgraph-kit';
import type { Settings } from './config.ts';
import { type Context, createBackend } from './context.ts';
import { createIdentification } from './identification.ts';
import { createSchema } from './schema.ts';

/**
 * Starts what a user would write instead of a federation: one Apollo Server on Fastify that has the three
 * subgraphs' types and services, and verifies access tokens itself.
 *
 * @throws StartupError when a port is taken
 */
export async function startSingleProcess(settings: Settings): Promise<RunningService> {
  const logger = createLogger({ name: 'single-process', ...settings });
  const logs = { logger, viewerMark: createViewerMark(undefined) };
  const metrics = createMetrics('single-process');
  const backend = createBackend(settings);
  new Counter({
    name: 'db_statements_total',
    help: 'SQL statements sent to the databases',
    registers: [metrics],
    async collect() {
      this.reset();
      this.inc(await backend.countStatements());
    },
  });
  const http = createHttpService({ ...settings, logger, metrics, readiness: { databases: backend.ping } });
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
        return backend.createContext((executor) =>
          createRequestContext(caller, executor, logs, request, reply),
        );
      },
    }),
  });
  await http.listen();
  return {
    logger,
    SHUTDOWN_GRACE_MS: settings.SHUTDOWN_GRACE_MS,
    async close() {
      http.drain();
      await apollo.stop();
      await http.close();
      await backend.close();
    },
  };
}
