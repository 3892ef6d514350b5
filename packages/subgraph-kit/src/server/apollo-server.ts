import { ApolloServer, type ApolloServerOptionsWithSchema, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { Logger, OperationLogSettings, Registry } from '@tributary/platform';
import type { GraphQLSchema } from 'graphql';
import { flushAudit } from '../audit/flush-audit.ts';
import { cacheControl } from '../caching/cache-control.ts';
import { finishMutations } from '../cancellation/finish-mutations.ts';
import { inlineTrace } from '../federation/inline-trace.ts';
import { FEDERATION_FIELDS, INTROSPECTION_FIELDS, signedFieldsOnly } from '../federation/signed-fields.ts';
import type { DocumentLimits } from '../limits/document-limits.ts';
import { traceOperations } from '../tracing/trace-operations.ts';
import { errorLoggers } from './error-loggers.ts';
import { refuseNulCharacters } from './nul-characters.ts';
import { operationReports } from './operation-reports.ts';
import type { RequestContext } from './request-context.ts';
import type { SubgraphSettings } from './settings.ts';

export interface ApolloOptions {
  schema: GraphQLSchema;
  settings: Pick<SubgraphSettings, 'NODE_ENV' | 'INTERNAL_SECRET'> & OperationLogSettings;
  limits: DocumentLimits;
  formatError: NonNullable<ApolloServerOptionsWithSchema<RequestContext>['formatError']>;
  metrics: Registry;
  /** Whether requests may have spans. @default they have none */
  isTraced?: boolean;
  logger: Logger;
  /** Further plugins, called after the others. */
  plugins?: readonly ApolloServerPlugin[];
}

/**
 * Makes the GraphQL side of a subgraph. Where there is a secret, what only a gateway needs is for signed requests: without
 * one, tools such as rover can read the schema.
 */
export function createApolloServer<Context extends RequestContext>(
  options: ApolloOptions,
): ApolloServer<Context> {
  const { schema, settings, limits, formatError, metrics, isTraced = false, logger, plugins = [] } = options;
  const production = settings.NODE_ENV === 'production';
  const checksSignatures = settings.INTERNAL_SECRET !== undefined;
  return new ApolloServer<Context>({
    schema,
    nodeEnv: settings.NODE_ENV,
    introspection: true, // in production for signed requests only: see the plugins
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: limits.maxTokens },
    formatError,
    plugins: [
      errorLoggers,
      operationReports({ settings, metrics }),
      ...(isTraced ? [traceOperations] : []),
      ...(checksSignatures
        ? [signedFieldsOnly([...FEDERATION_FIELDS, ...(production ? INTROSPECTION_FIELDS : [])])]
        : []),
      inlineTrace(({ isSigned }) => isSigned || !checksSignatures),
      finishMutations,
      refuseNulCharacters,
      flushAudit,
      ...cacheControl,
      ...plugins,
      ...(production ? [ApolloServerPluginLandingPageDisabled()] : []),
    ],
    // The service decides when it ends (runService), and ends everything in order.
    stopOnTerminationSignals: false,
    logger,
  });
}
