import { performance } from 'node:perf_hooks';
import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { OperationReports } from '../telemetry/operation-reports.ts';
import { codeOf } from './error-code.ts';

/**
 * Tells of every operation, of one with deferred parts after the last; one that could not be parsed or validated has the
 * type `invalid`.
 */
export const operationReports = (reports: OperationReports): ApolloServerPlugin<GatewayContext> => ({
  async contextCreationDidFail({ error }) {
    if (error instanceof GraphQLError) reports.turnedAway(codeOf(error));
  },
  async requestDidStart() {
    const start = performance.now();
    return {
      async willSendResponse({ operation, source, response: { body }, contextValue: context }) {
        const report = (codes: readonly string[]) =>
          reports.answered({ operation, source, context }, codes, (performance.now() - start) / 1_000);
        if (body.kind === 'single') report((body.singleResult.errors ?? []).map(codeOf));
        else reportAfter(body, report);
      },
    };
  },
});

type IncrementalBody = Extract<GraphQLResponse['body'], { kind: 'incremental' }>;

function reportAfter(body: IncrementalBody, report: (codes: readonly string[]) => void): void {
  const codes = (body.initialResult.errors ?? []).map(codeOf);
  async function* observed<
    Payload extends {
      incremental?: readonly { errors?: readonly { extensions?: { code?: unknown } }[] }[];
    },
  >(payloads: AsyncIterable<Payload>) {
    try {
      for await (const payload of payloads) {
        for (const { errors = [] } of payload.incremental ?? []) codes.push(...errors.map(codeOf));
        yield payload;
      }
    } finally {
      report(codes);
    }
  }
  Object.assign(body, { subsequentResults: observed(body.subsequentResults) });
}
