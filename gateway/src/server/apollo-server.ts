import '../telemetry/no-usage-reports.ts';
import type { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { type Logger, type Redis, StartupError } from '@tributary/platform';
import { type GatewaySettings, introspects } from '../config.ts';
import type { GatewayContext } from '../context.ts';
import { deferRules } from '../execution/defer/rules.ts';
import type { Executor } from '../execution/executor.ts';
import { documentLimits } from '../limits/document-limits.ts';
import type { Limits } from '../limits/settings.ts';
import { deferredParts } from '../operations/deferred-parts.ts';
import { legacyHttpStatus } from '../operations/http-status.ts';
import { keepNoErrors } from '../operations/keep-no-errors.ts';
import type { KnownQueries } from '../operations/known-queries.ts';
import { type OperationCheck, operationChecks } from '../operations/operation-checks.ts';
import { operationReports } from '../operations/operation-reports.ts';
import { PERSISTED_QUERY_TTL, redisPersistedQueries } from '../operations/persisted-queries.ts';
import { refuseSubscriptions } from '../operations/refuse-subscriptions.ts';
import { refuseUnsafe } from '../operations/refuse-unsafe.ts';
import { uniqueErrors } from '../operations/unique-errors.ts';
import type { RateLimits } from '../rate-limits/rate-limits.ts';
import type { ErrorFormatter } from '../security/error-masking.ts';
import { apolloLogger } from '../telemetry/apollo-logger.ts';
import { errorOrigins } from '../telemetry/error-origin.ts';
import type { OperationReports } from '../telemetry/operation-reports.ts';
import { traceOperations } from '../telemetry/tracing/trace-operations.ts';
import { type ExampleOperation, landingPage } from './landing-page.ts';

/** What the GraphQL side of the gateway is made from. */
export interface ApolloServerOptions {
  settings: GatewaySettings;
  gateway: ApolloGateway;
  /** Runs query plans; null when the gateway itself does. */
  executor: Executor | null;
  formatError: ErrorFormatter;
  limits: Limits;
  checks: readonly OperationCheck[];
  /** Is told of what cannot be run; null when nothing is limited. */
  rateLimits: RateLimits | null;
  /** Is told of the persisted queries. */
  queries: KnownQueries;
  plugins: readonly ApolloServerPlugin<GatewayContext>[];
  redis: Redis | null;
  reports: OperationReports;
  /** Whether requests may have spans. */
  isTraced: boolean;
  logger: Logger;
  example: ExampleOperation;
}

/**
 * Starts Apollo Server with Apollo's gateway behind it.
 *
 * @throws StartupError when the gateway cannot run the supergraph
 */
export async function startApolloServer(options: ApolloServerOptions): Promise<ApolloServer<GatewayContext>> {
  const { settings, gateway, executor, formatError, limits, checks, queries, plugins, redis } = options;
  const { reports, logger, example } = options;
  const production = settings.NODE_ENV === 'production';
  const introspection = introspects(settings);
  const server = new ApolloServer<GatewayContext>({
    gateway: executor?.forApolloServer() ?? gateway,
    nodeEnv: settings.NODE_ENV,
    logger: apolloLogger(logger),
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError,
    ...(redis && { persistedQueries: { cache: redisPersistedQueries(redis), ttl: PERSISTED_QUERY_TTL } }),
    parseOptions: { maxTokens: limits.tokens },
    ...(executor && { validationRules: deferRules }),
    plugins: [
      ...(options.isTraced ? [traceOperations] : []),
      errorOrigins,
      // The others are to see that an answer is one in parts.
      ...(executor ? [deferredParts(executor, formatError)] : []),
      landingPage(!production, example),
      ApolloServerPluginUsageReportingDisabled(),
      operationReports(reports),
      documentLimits(limits),
      refuseSubscriptions,
      refuseUnsafe,
      operationChecks(checks),
      legacyHttpStatus,
      keepNoErrors,
      uniqueErrors,
      queries.plugin,
      ...(options.rateLimits ? [options.rateLimits.plugin] : []),
      ...plugins,
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
