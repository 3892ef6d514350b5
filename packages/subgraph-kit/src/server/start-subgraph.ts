import { checkRegion, databaseSetting } from '@tributary/database';
import { createEventsOut, type EventCatalogue } from '@tributary/domain-events';
import { type Cron, type HeartbeatOptions, startWorker, type Tasks } from '@tributary/jobs';
import {
  createEventBus,
  createHttpService,
  createLogger,
  createMetrics,
  createViewerMark,
  type EventBus,
  type Invalidator,
  type Logger,
  openTls,
  peerTls,
  type Registry,
  type RunningService,
  StartupError,
  shutdownTimes,
  startTracing,
} from '@tributary/platform';
import type { FastifyInstance } from 'fastify';
import type { Executor } from '../audit/audit-trail.ts';
import { createBatchMetrics } from '../batch-metrics.ts';
import { connectInvalidator } from '../caching/connect-invalidator.ts';
import { evictionTasks } from '../caching/evict.ts';
import { createEvictions, type Evictions, evictsCaches } from '../caching/eviction.ts';
import { keepDeadline } from '../cancellation/request-deadline.ts';
import { showBackupLog } from '../database/backup-metrics.ts';
import { connectDatabase, type DatabaseOptions, type LoggingClient } from '../database/database.ts';
import { createPartitionKeeper } from '../database/partitions/keep-partitions.ts';
import type { MonthlyTables } from '../database/partitions/monthly-tables.ts';
import { replicaSetting } from '../database/replicas/replica-urls.ts';
import { tellAfter } from '../database/replicas/tell-after.ts';
import type { RetainedTable } from '../database/retention/retained-table.ts';
import { createRetention } from '../database/retention/retention-keeper.ts';
import { buildSchema, readSchema } from '../schema/build-schema.ts';
import { createServiceClient, type ServiceClient } from '../service-client/service-client.ts';
import { serveSubscriptions } from '../subscriptions/serve-subscriptions.ts';
import { traceEvents } from '../tracing/trace-events.ts';
import { createTraceRequest } from '../tracing/trace-requests.ts';
import { traceRoutes } from '../tracing/trace-routes.ts';
import { createApolloServer } from './apollo-server.ts';
import { createErrorFormatter } from './format-error.ts';
import { serveGraphql } from './graphql-route.ts';
import { createIdentification, createIsSigned } from './identification.ts';
import { createEventContext, createRequestContext, type RequestContext } from './request-context.ts';
import type { SubgraphSettings } from './settings.ts';

/** What a subgraph's own parts are made of. */
export interface Foundation<Client> {
  prisma: Client;
  /** Asks the other subgraphs. */
  services: ServiceClient;
  /** Tells what happened, and hears of it. */
  events: EventBus;
  /** Has kept answers forgotten after a change, by jobs. */
  evictions: Evictions;
  /** Has them forgotten at once, for a job that does so itself; null where nobody is to be told. */
  invalidator: Invalidator | null;
  logger: Logger;
  metrics: Registry;
}

/** What a subgraph does, made once for all requests. */
export interface SubgraphParts<Context> {
  /** Called for each request, and for each event of a subscription: loaders are made there, so that they are never shared between viewers. */
  createContext(request: RequestContext): Context;
  /** What it does beside answering. */
  jobs?: { tasks: Tasks; cron?: Cron; heartbeat?: HeartbeatOptions | undefined };
  /** Its tables that are partitioned by month. */
  partitions?: readonly MonthlyTables[];
  /** What it keeps for a time only; what refers to another table comes before it. */
  retention?: readonly RetainedTable[];
  /** Adds what it serves beside GraphQL; each request is a trace. */
  routes?(app: FastifyInstance): void;
}

export interface SubgraphOptions<Client extends LoggingClient & Executor, Context extends RequestContext> {
  /** The service's name, in logs and metrics. */
  name: string;
  settings: SubgraphSettings;
  /** How messages about a taken port call the settings. */
  portSettings?: { port: string; adminPort: string } | undefined;
  /** The subgraph's own database. */
  database: Pick<DatabaseOptions<Client>, 'url' | 'createClient'> & {
    /** The same past a connection pooler, for its jobs. @default url */
    directUrl?: string | undefined;
    /** Connection strings of its read replicas. @default none */
    replicaUrls?: readonly string[];
  };
  /** The SDL. */
  schemaFile: URL;
  /** The generated `Resolvers` type of the subgraph. */
  resolvers: object;
  /** What it tells other systems; its database has an outbox then. */
  eventCatalogue?: EventCatalogue;
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
 * Serves a subgraph: GraphQL at `/graphql`, subscriptions on its upgrades, health checks, metrics on the admin port; and works on its jobs.
 *
 * @throws StartupError when a port is taken, a setting is missing, or the database is of another region
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
  const { DATA_REGION: region } = settings;
  const { url: databaseUrl, directUrl = databaseUrl, createClient, replicaUrls = [] } = options.database;
  if (region !== undefined) await checkRegion({ url: databaseUrl, setting: databaseSetting(name) }, region);
  const tracing = await startTracing({ service: name, settings, logger });
  const isTraced = tracing !== null;
  const tls = await openTls(settings, metrics, logger);
  const database = connectDatabase({
    url: databaseUrl,
    name,
    createClient,
    poolSize: settings.DATABASE_POOL_SIZE,
    metrics,
    isTraced,
    replicas: {
      urls: replicaUrls,
      setting: replicaSetting(name),
      redisUrl: settings.REDIS_URL,
      maxLag: settings.DATABASE_REPLICA_MAX_LAG_MS,
      logger,
    },
  });
  const { replicas } = database;
  const services = createServiceClient({
    name,
    secret: settings.INTERNAL_SECRET,
    region,
    urls: settings.SUBGRAPH_URLS,
    tls: peerTls(tls.subgraphs),
  });
  const { events, invalidator } = tellAfter(replicas, {
    events: createEventBus({ url: settings.REDIS_URL, logger, metrics }),
    invalidator: connectInvalidator({ name, settings, logger, metrics }),
  });
  const evictions = createEvictions(evictsCaches(settings));
  const parts = options.assemble({
    prisma: database.prisma,
    services,
    events: isTraced ? traceEvents(events) : events,
    evictions,
    invalidator,
    logger,
    metrics,
  });
  const eventsOut = createEventsOut({
    setting: settings.EVENTS_OUT,
    region,
    sends: settings.JOB_CONCURRENCY > 0,
    catalogue: options.eventCatalogue,
    databaseUrl: directUrl,
    logger,
    metrics,
  });
  const http = createHttpService({
    ...settings,
    logger,
    metrics,
    tls: tls.server,
    readiness: { database: database.ping },
    reported: {
      ...(replicas && { replicas: replicas.check }),
      ...(eventsOut.check && { eventsOut: eventsOut.check }),
    },
    ...(options.portSettings && { portSettings: options.portSettings }),
    fastify: { bodyLimit: settings.SUBGRAPH_MAX_BODY_BYTES },
  });
  const schema = buildSchema(readSchema(options.schemaFile), options.resolvers);
  const formatError = createErrorFormatter(logger);
  const limits = { maxTokens: settings.SUBGRAPH_MAX_TOKENS, maxDepth: settings.SUBGRAPH_MAX_DEPTH };
  const apollo = createApolloServer<Context>({
    schema,
    settings,
    limits,
    formatError,
    metrics,
    isTraced,
    logger,
    ...(replicas && { plugins: [replicas.plugin] }),
  });
  await apollo.start();
  const logs = { logger, viewerMark: createViewerMark(settings.INTERNAL_SECRET) };
  const observed = createBatchMetrics(metrics);
  const createContext = (request: RequestContext) => observed(parts.createContext(request));
  const identify = createIdentification(settings.INTERNAL_SECRET, logger, region);
  const traceRequest = tracing ? createTraceRequest(tracing, createIsSigned(identify)) : undefined;
  serveGraphql(http.app, {
    apollo,
    limits,
    traceRequest,
    async createContext(request, reply) {
      const caller = await identify(request.headers);
      keepDeadline(caller, request.headers);
      replicas?.begin(caller);
      return createContext(createRequestContext(caller, database.prisma, logs, request, reply));
    },
  });
  const subscriptions = schema.getSubscriptionType()
    ? serveSubscriptions({
        http: http.app.server,
        schema,
        limits,
        identify,
        createContext: (caller, headers) =>
          createContext(createEventContext(caller, database.prisma, logs, headers)),
        formatError,
        maxSubscriptions: settings.SUBSCRIPTIONS_PER_CONNECTION,
        tracing,
        logger,
        metrics,
      })
    : null;
  if (subscriptions && settings.REDIS_URL === undefined && settings.JOB_CONCURRENCY === 0)
    logger.warn('REDIS_URL is not set, and others do the jobs: subscribers are told of no changes');
  if (parts.routes) traceRoutes(http.app, parts.routes, traceRequest);
  const { url, adminUrl } = await http.listen().catch(async (error: unknown) => {
    await Promise.all([events.close(), eventsOut.stop(), database.close()]);
    throw error;
  });
  showBackupLog(directUrl, { logger, metrics });
  const partitions = createPartitionKeeper(directUrl, parts.partitions ?? [], { logger, metrics });
  const tables = parts.retention ?? [];
  const retention = createRetention({ url: directUrl, tables, evictions, logger, metrics });
  const tasks: Tasks = {
    ...parts.jobs?.tasks,
    ...partitions.tasks,
    ...retention.tasks,
    ...evictionTasks(invalidator),
  };
  const worker =
    Object.keys(tasks).length > 0 && settings.JOB_CONCURRENCY > 0
      ? await startWorker({
          url: directUrl,
          service: name,
          tasks,
          cron: [...(parts.jobs?.cron ?? []), ...partitions.cron, ...retention.cron],
          concurrency: settings.JOB_CONCURRENCY,
          logger,
          metrics,
          tracing,
        })
      : null;
  if (worker) partitions.begin();
  logger.info({ url: `${url}/graphql` }, 'subgraph is ready');
  const close = async () => {
    http.drain();
    await subscriptions?.close();
    await Promise.all([http.close(), worker?.stop(), partitions.stop(), eventsOut.stop()]);
    await events.close();
    await invalidator?.close();
    await apollo.stop();
    await services.close();
    await database.close();
    await tracing?.close();
    tls.close();
  };
  let closing: Promise<void> | undefined;
  return {
    url: `${url}/graphql`,
    adminUrl,
    metrics,
    logger,
    ...shutdownTimes(settings),
    drain: () => http.drain(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
