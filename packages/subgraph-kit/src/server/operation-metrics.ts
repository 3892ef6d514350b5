import { performance } from 'node:perf_hooks';
import type { ApolloServerPlugin } from '@apollo/server';
import { Histogram, type Registry } from '@tributary/platform';

/**
 * Registers the durations of operations, and measures each; one that could not be parsed or validated has the type
 * `invalid`.
 */
export function operationMetrics(registry: Registry): ApolloServerPlugin {
  const seconds = new Histogram({
    name: 'subgraph_operation_duration_seconds',
    help: 'Time from the GraphQL request to its result, by operation type',
    labelNames: ['type', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  return {
    async requestDidStart() {
      const start = performance.now();
      return {
        async willSendResponse({ operation, response: { body } }) {
          const type = operation?.operation ?? 'invalid';
          const failed = body.kind === 'single' && body.singleResult.errors !== undefined;
          seconds.observe({ type, outcome: failed ? 'error' : 'ok' }, (performance.now() - start) / 1_000);
        },
      };
    },
  };
}
