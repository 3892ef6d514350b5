import { GraphQLError } from 'graphql';
import type { SubgraphOutcome } from '../telemetry/gateway-metrics.ts';

const FAILURES = {
  unavailable: { code: 'SUBGRAPH_UNAVAILABLE', said: 'cannot be reached' },
  timeout: { code: 'SUBGRAPH_TIMEOUT', said: 'did not answer in time' },
  invalid_response: {
    code: 'SUBGRAPH_INVALID_RESPONSE',
    said: 'gave an answer that is not a GraphQL response',
  },
  invalid_encoding: {
    code: 'SUBGRAPH_INVALID_ENCODING',
    said: 'gave an answer whose compression cannot be undone, or was not asked for',
  },
  too_large: { code: 'SUBGRAPH_ANSWER_TOO_LARGE', said: 'gave an answer that is too large' },
  cancelled: { code: 'REQUEST_CANCELLED', said: 'was not waited for: the client is gone' },
} as const satisfies Record<Exclude<SubgraphOutcome, 'ok'>, { code: string; said: string }>;

/** Why a subgraph gave no answer that could be used. */
export type SubgraphFailure = keyof typeof FAILURES;

/**
 * A request to a subgraph that failed as a whole. Its message and extensions name the subgraph and nothing else:
 * no host, no port, no part of an answer. What really happened is the `cause`, for the log.
 */
export class SubgraphError extends GraphQLError {
  readonly failure: SubgraphFailure;
  readonly subgraph: string;

  /** @param path - the field that has no value now, as far as it is known */
  constructor(
    failure: SubgraphFailure,
    subgraph: string,
    cause: unknown,
    path?: readonly (string | number)[],
  ) {
    const { code, said } = FAILURES[failure];
    super(`Subgraph "${subgraph}" ${said}.`, { extensions: { code, subgraph }, ...(path && { path }) });
    this.failure = failure;
    this.subgraph = subgraph;
    this.cause = cause;
  }

  /** The same failure, at a place in the client's operation. */
  at(path: readonly (string | number)[] | undefined): SubgraphError {
    return new SubgraphError(this.failure, this.subgraph, this.cause, path);
  }
}
