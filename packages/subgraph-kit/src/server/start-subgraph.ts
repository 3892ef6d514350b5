import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { type Cron, startWorker, type Tasks } from '@tributary/jobs';
import {
  createHttpService,
  createLogger,
  createMetrics,
  type Logger,
  type Registry,
  type RunningService,
  StartupError,
} from '@tributary/platform';
import type { FastifyInstance } from 'fastify';
import type { Executor } from '../audit/audit-trail.ts';
import { flushAudit } from '../audit/flush-audit.ts';
import { buildSchema, readSchema } from '../schema/build-schema.ts';
import { createServiceClient, type ServiceClient } from '../service-client/service-client.ts';
import { connectDatabase, type DatabaseOptions, type LoggingClient } from './database.ts';
import { createErrorFormatter } from './format-error.ts';
import { createIdentification } from './identification.ts';
import { refuseNulCharacters } from './nul-characters.ts';
import { createRequestContext, type RequestContext } from './request-context.ts';
import type { SubgraphSettings } from './settings.ts';

/** What a subgraph's own parts are made of. */
export interface Foundation<Client> {
  prisma: Client;
  /** Asks the other subgraphs. */
  services: ServiceClient;
  logger: Logger;
  metrics: Registry;
}

/** What a subgraph does, made once for all requests. */
export interface SubgraphParts<Context> {
  /** Called for each request: loaders are made there, so that they are never shared between viewers. */
  createContext(request: RequestContext): Context;
  /** What it does beside answering. */
  jobs?: { tasks: Tasks; cron?: Cron };
  /** Adds what it serves beside GraphQL. */
  routes?(app: FastifyInstance): void;
  /** Ends what it opened; called when requests and jobs have ended. */
  close?(): Promise<void>;
}

export interface SubgraphOptions<Client extends LoggingClient & Executor, Context extends RequestContext> {
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
  /** Called once. */
  assemble(foundation: Foundation<Client>): SubgraphParts<Context>;
}

/** A subgraph that answers. */
export interface RunningSubgraph extends RunningService {
  /** `http://host:port/graphql` */
  url: string;
  adminUrl: string;
  metrics: Registry;
}

/**
 * Serves a subgraph: GraphQL at `/graphql`, health checks, metrics on the admin port; and works on its jobs.
 *
 * @throws StartupError when a port is taken or a setting is missing
 */
export async function startSubgraph<Client extends LoggingClient & Executor, Context extends RequestContext>(
  options: SubgraphOptions<Client, Context>,
): Promise<RunningSubgraph> {
  const { name, settings } = options;
  if (settings.NODE_ENV === 'production' && !settings.INTERNAL_SECRET) {
    throw new StartupError('INTERNAL_SECRET: is required in production, and must be the gateway’s');
  }
  const logger = createLogger({ name, ...settings });
  const metrics = createMetrics(name);
  const { url: databaseUrl } = options.database;
  const database = connectDatabase({ ...options.database, poolSize: settings.DATABASE_POOL_SIZE, metrics });
  const services = createServiceClient({
    name,
    secret: settings.INTERNAL_SECRET,
    urls: settings.SUBGRAPH_URLS,
  });
  const parts = options.assemble({ prisma: database.prisma, services, logger, metrics });
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
    plugins: [refuseNulCharacters, flushAudit],
    // The service decides when it ends (runService), and ends everything in order.
    stopOnTerminationSignals: false,
    logger,
  });
  await apollo.start();
  const identify = createIdentification(settings.INTERNAL_SECRET);
  http.app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) =>
        parts.createContext(
          createRequestContext(await identify(request), database.prisma, logger, request, reply),
        ),
    }),
  });
  parts.routes?.(http.app);
  const { url, adminUrl } = await http.listen();
  const worker =
    parts.jobs && settings.JOB_CONCURRENCY > 0
      ? await startWorker({
          url: databaseUrl,
          ...parts.jobs,
          concurrency: settings.JOB_CONCURRENCY,
          logger,
          metrics,
        })
      : null;
  logger.info({ url: `${url}/graphql` }, 'subgraph is ready');
  const close = async () => {
    http.drain();
    await Promise.all([http.close(), worker?.stop()]);
    await parts.close?.();
    await apollo.stop();
    await services.close();
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
