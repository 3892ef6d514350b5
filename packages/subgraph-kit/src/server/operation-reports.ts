import { performance } from 'node:perf_hooks';
import type { ApolloServerPlugin } from '@apollo/server';
import { createOperationLog, Histogram, type OperationLogSettings, type Registry } from '@tributary/platform';
import type { GraphQLFormattedError } from 'graphql';
import type { RequestContext } from './request-context.ts';

/** What operations are reported with. */
export interface OperationReportOptions {
  settings: OperationLogSettings;
  metrics: Registry;
}

/**
 * Measures every operation, and writes a line of it where somebody wants to read it; one that could not be parsed or
 * validated has the type `invalid`.
 */
export function operationReports({
  settings,
  metrics,
}: OperationReportOptions): ApolloServerPlugin<RequestContext> {
  const durations = new Histogram({
    name: 'subgraph_operation_duration_seconds',
    help: 'Time from the GraphQL request to its result, by operation type',
    labelNames: ['type', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [metrics],
  });
  const log = createOperationLog(settings);
  return {
    async requestDidStart() {
      const start = performance.now();
      return {
        async willSendResponse({ operation, response: { body }, contextValue: { logger, service } }) {
          const seconds = (performance.now() - start) / 1_000;
          const type = operation?.operation ?? 'invalid';
          const errors = (body.kind === 'single' && body.singleResult.errors) || [];
          durations.observe({ type, outcome: errors.length > 0 ? 'error' : 'ok' }, seconds);
          if (!log.wants(logger, seconds)) return;
          // A service asks by itself.
          const client = service === null ? {} : { client: service };
          log.write(logger, { type, codes: errors.map(codeOf), ...client }, seconds);
        },
      };
    },
  };
}

const codeOf = ({ extensions }: GraphQLFormattedError): string =>
  typeof extensions?.code === 'string' ? extensions.code : 'NONE';
