import { ApolloServer, HeaderMap } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import {
  createHttpService,
  createIdentityVerifier,
  createLogger,
  createMetrics,
  IDENTITY_HEADER,
  type Identity,
  type Logger,
  type Registry,
  type RunningService,
  StartupError,
} from '@tributary/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { buildSchema, readSchema } from '../schema/build-schema.ts';
import { type Viewer, viewerOf } from '../viewer.ts';
import { connectDatabase, type DatabaseOptions, type LoggingClient } from './database.ts';
import { createErrorFormatter } from './format-error.ts';
import { refuseNulCharacters } from './nul-characters.ts';
import type { SubgraphSettings } from './settings.ts';

/** What every resolver finds in its context; a subgraph adds its loaders and services. */
export interface RequestContext {
  /** Who is asking; null when nobody is signed in. */
  viewer: Viewer | null;
  /** With the request's id on every line. */
  logger: Logger;
}

export interface SubgraphOptions<Client extends LoggingClient, Context extends RequestContext> {
  /** The service's name, in logs and metrics. */
  name: string;
  settings: SubgraphSettings;
  /** How messages about a taken port call the settings. */
  portSettings?: { port: string; adminPort: string } | undefined;
  /** The subgraph's own database. */
  database: Pick<DatabaseOptions<Client>, 'url' | 'createClient'>;
  /** The SDL. */
  schemaFile: URL;
  /** The generated `Resolvers` type of the subgraph. */
  resolvers: object;
  /**
   * Called once, for what all requests share, such as services. The function it returns is called for each
   * request: loaders are made there, so that they are never shared between viewers.
   */
  createContext(prisma: Client): (request: RequestContext) => Context;
  /** Adds what the subgraph serves beside GraphQL. */
  routes?(app: FastifyInstance): void;
}

/** A subgraph that answers. */
export interface RunningSubgraph extends RunningService {
  /** `http://host:port/graphql` */
  url: string;
  adminUrl: string;
  metrics: Registry;
}

/**
 * Serves a subgraph: GraphQL at `/graphql`, health checks, metrics on the admin port.
 *
 * @throws StartupError when a port is taken or a setting is missing
 */
export async function startSubgraph<Client extends LoggingClient, Context extends RequestContext>(
  options: SubgraphOptions<Client, Context>,
): Promise<RunningSubgraph> {
  const { name, settings } = options;
  if (settings.NODE_ENV === 'production' && !settings.INTERNAL_SECRET) {
    throw new StartupError('INTERNAL_SECRET: is required in production, and must be the gateway’s');
  }
  const logger = createLogger({ name, ...settings });
  const metrics = createMetrics(name);
  const database = connectDatabase({ ...options.database, poolSize: settings.DATABASE_POOL_SIZE, metrics });
  const http = createHttpService({
    ...settings,
    logger,
    metrics,
    readiness: { database: database.ping },
    ...(options.portSettings && { portSettings: options.portSettings }),
    fastify: { bodyLimit: 5_000_000 }, // bytes: a gateway sends many representations at once
  });
  const apollo = new ApolloServer<Context>({
    schema: buildSchema(readSchema(options.schemaFile), options.resolvers),
    introspection: settings.NODE_ENV !== 'production',
    includeStacktraceInErrorResponses: false,
    formatError: createErrorFormatter(logger),
    plugins: [refuseNulCharacters],
    // The service decides when it ends (runService), and ends everything in order.
    stopOnTerminationSignals: false,
    logger,
  });
  await apollo.start();
  const identify = createIdentification(settings);
  const createContext = options.createContext(database.prisma);
  http.app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, {
      context: async (request) =>
        createContext({
          viewer: viewerOf(await identify(request)),
          logger: logger.child({ requestId: request.headers['x-request-id'] ?? request.id }),
        }),
    }),
  });
  options.routes?.(http.app);
  const { url, adminUrl } = await http.listen();
  logger.info({ url: `${url}/graphql` }, 'subgraph is ready');
  const close = async () => {
    http.drain();
    await http.close();
    await apollo.stop();
    await database.close();
  };
  let closing: Promise<void> | undefined;
  return {
    url: `${url}/graphql`,
    adminUrl,
    metrics,
    logger,
    SHUTDOWN_GRACE_MS: settings.SHUTDOWN_GRACE_MS,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** Reads who is asking from the gateway's signed header; a signature that does not hold is answered with 401. */
function createIdentification({ INTERNAL_SECRET }: SubgraphSettings) {
  const verify = INTERNAL_SECRET ? createIdentityVerifier(INTERNAL_SECRET) : null;
  return async (request: FastifyRequest): Promise<Identity | null> => {
    const assertion = request.headers[IDENTITY_HEADER];
    if (assertion === undefined) return null;
    try {
      if (verify && typeof assertion === 'string') return await verify(assertion);
    } catch (error) {
      request.log.warn({ err: error }, 'an identity that the gateway did not sign');
    }
    throw new GraphQLError('The identity was not signed by the gateway.', {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: new HeaderMap() } },
    });
  };
}
