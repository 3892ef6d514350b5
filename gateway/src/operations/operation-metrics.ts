import { performance } from 'node:perf_hooks';
import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { type CodedError, faultOf } from '../errors/faults.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';

/**
 * Measures every operation, one with deferred parts to the end of the last; one that could not be parsed or validated has
 * the type `invalid`.
 */
export const operationMetrics = (metrics: GatewayMetrics): ApolloServerPlugin<GatewayContext> => ({
  // Who cannot be let in has no operation yet.
  async contextCreationDidFail({ error }) {
    if (error instanceof GraphQLError) countFault(metrics, [error]);
  },
  async requestDidStart() {
    const start = performance.now();
    return {
      async willSendResponse({ operation, response }) {
        const { body } = response;
        const observe = (errors: Errors) => {
          countFault(metrics, errors);
          metrics.observeOperation(
            operation?.operation ?? 'invalid',
            operation?.name?.value,
            errors.length > 0 ? 'error' : 'ok',
            (performance.now() - start) / 1_000,
          );
        };
        if (body.kind === 'single') observe(body.singleResult.errors ?? []);
        else observeParts(body, observe);
      },
    };
  },
});

type Errors = readonly CodedError[];

function countFault(metrics: GatewayMetrics, errors: Errors): void {
  const fault = faultOf(errors);
  if (fault) metrics.countFault(fault);
}

type IncrementalBody = Extract<GraphQLResponse['body'], { kind: 'incremental' }>;

function observeParts(body: IncrementalBody, observe: (errors: Errors) => void): void {
  const errors: CodedError[] = [...(body.initialResult.errors ?? [])];
  async function* observed<Payload extends { incremental?: readonly { errors?: Errors }[] }>(
    payloads: AsyncIterable<Payload>,
  ) {
    try {
      for await (const payload of payloads) {
        errors.push(...(payload.incremental ?? []).flatMap((part) => part.errors ?? []));
        yield payload;
      }
    } finally {
      observe(errors);
    }
  }
  Object.assign(body, { subsequentResults: observed(body.subsequentResults) });
}
