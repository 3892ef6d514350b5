import '../telemetry/no-usage-reports.ts';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { type Logger, type Redis, StartupError } from '@tributary/platform';
import type { GatewaySettings } from '../config.ts';
import type { GatewayContext } from '../context.ts';
import { legacyHttpStatus } from '../operations/http-status.ts';
import { operationMetrics } from '../operations/operation-metrics.ts';
import { PERSISTED_QUERY_TTL, redisPersistedQueries } from '../operations/persisted-queries.ts';
import { refuseSubscriptions } from '../operations/refuse-subscriptions.ts';
import { uniqueErrors } from '../operations/unique-errors.ts';
import { createErrorFormatter } from '../security/error-masking.ts';
import type { SupergraphManager } from '../supergraph/supergraph-manager.ts';
import { apolloLogger } from '../telemetry/apollo-logger.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { type ExampleOperation, landingPage } from './landing-page.ts';

/** What the GraphQL side of the gateway is made from. */
export interface ApolloServerOptions {
  settings: GatewaySettings;
  supergraph: SupergraphManager;
  /** Makes what fetches from a subgraph. */
  dataSource: (subgraph: { name: string; url?: string | undefined }) => GraphQLDataSource;
  redis: Redis | null;
  metrics: GatewayMetrics;
  logger: Logger;
  example: ExampleOperation;
}

/**
 * Starts Apollo Server with Apollo's gateway behind it.
 *
 * @throws StartupError when the gateway cannot run the supergraph
 */
export async function startApolloServer(options: ApolloServerOptions): Promise<ApolloServer<GatewayContext>> {
  const { settings, supergraph, dataSource, redis, metrics, logger, example } = options;
  const production = settings.NODE_ENV === 'production';
  const introspection = settings.INTROSPECTION ?? !production;
  const server = new ApolloServer<GatewayContext>({
    gateway: new ApolloGateway({
      supergraphSdl: supergraph,
      buildService: dataSource,
      logger: apolloLogger(logger),
      __exposeQueryPlanExperimental: !production,
    }),
    nodeEnv: settings.NODE_ENV,
    logger: apolloLogger(logger),
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: createErrorFormatter(logger),
    ...(redis && { persistedQueries: { cache: redisPersistedQueries(redis), ttl: PERSISTED_QUERY_TTL } }),
    plugins: [
      landingPage(!production, example),
      ApolloServerPluginUsageReportingDisabled(),
      operationMetrics(metrics),
      refuseSubscriptions,
      legacyHttpStatus,
      uniqueErrors,
    ],
  });
  try {
    await server.start();
  } catch (error) {
    throw new StartupError(`SUPERGRAPH: it cannot be run: ${withoutExcerpt(error)}`);
  }
  return server;
}

/** Apollo shows the line of the supergraph after its message, which nobody wrote and nobody can change. */
const withoutExcerpt = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/\s*GraphQL request:\d[\s\S]*/, '')
    .replaceAll(/\s+/g, ' ');
