import { performance } from 'node:perf_hooks';
import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server';
import type { GatewayContext } from '../context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';

/**
 * Measures every operation, one with deferred parts to the end of the last; one that could not be parsed or validated has
 * the type `invalid`.
 */
export const operationMetrics = (metrics: GatewayMetrics): ApolloServerPlugin<GatewayContext> => ({
  async requestDidStart() {
    const start = performance.now();
    return {
      async willSendResponse({ operation, response }) {
        const { body } = response;
        const observe = (failed: boolean) =>
          metrics.observeOperation(
            operation?.operation ?? 'invalid',
            operation?.name?.value,
            failed ? 'error' : 'ok',
            (performance.now() - start) / 1_000,
          );
        if (body.kind === 'single') observe(body.singleResult.errors !== undefined);
        else observeParts(body, observe);
      },
    };
  },
});

type IncrementalBody = Extract<GraphQLResponse['body'], { kind: 'incremental' }>;

function observeParts(body: IncrementalBody, observe: (failed: boolean) => void): void {
  let failed = body.initialResult.errors !== undefined;
  async function* observed<Payload extends { incremental?: readonly { errors?: readonly unknown[] }[] }>(
    payloads: AsyncIterable<Payload>,
  ) {
    try {
      for await (const payload of payloads) {
        failed ||= payload.incremental?.some(({ errors }) => errors !== undefined) ?? false;
        yield payload;
      }
    } finally {
      observe(failed);
    }
  }
  Object.assign(body, { subsequentResults: observed(body.subsequentResults) });
}
