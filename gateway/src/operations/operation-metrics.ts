import { performance } from 'node:perf_hooks';
import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';

/** Measures every operation; one that could not be parsed or validated has the type `invalid`. */
export const operationMetrics = (metrics: GatewayMetrics): ApolloServerPlugin<GatewayContext> => ({
  async requestDidStart() {
    const start = performance.now();
    return {
      async willSendResponse({ operation, response }) {
        const failed = response.body.kind === 'single' && response.body.singleResult.errors;
        metrics.observeOperation(
          operation?.operation ?? 'invalid',
          failed ? 'error' : 'ok',
          (performance.now() - start) / 1_000,
        );
      },
    };
  },
});
