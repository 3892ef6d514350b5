import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import {
  Counter,
  createAccessTokenVerifier,
  createHttpService,
  createLogger,
  createMetrics,
  type Identity,
  type RunningService,
} from '@tributary/platform';
import { viewerOf } from '@tributary/subgraph-kit';
import { GraphQLError } from 'graphql';
import type { Settings } from './config.ts';
import { type Context, createBackend } from './context.ts';
import { createSchema } from './schema.ts';

/**
 * Starts what a user would write instead of a federation: one Apollo Server on Fastify that has the three
 * subgraphs' types and services, and verifies access tokens itself.
 *
 * @throws StartupError when a port is taken
 */
export async function startSingleProcess(settings: Settings): Promise<RunningService> {
  const logger = createLogger({ name: 'single-process', ...settings });
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
      context: async ({ headers, id }) =>
        backend.createContext({
          viewer: viewerOf(await identify(headers.authorization)),
          logger: logger.child({ requestId: id }),
        }),
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

function createIdentification({ AUTH_KEY_SET, AUTH_ISSUER, AUTH_AUDIENCE }: Settings) {
  const verify = createAccessTokenVerifier(AUTH_KEY_SET, { issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE });
  return async (authorization: string | undefined): Promise<Identity | null> => {
    if (authorization === undefined) return null;
    return verify(authorization.replace(/^Bearer +/i, '')).catch((cause: Error) => {
      throw new GraphQLError('The access token is not valid.', {
        originalError: cause,
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
    });
  };
}
