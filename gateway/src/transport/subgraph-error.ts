import { GraphQLError } from 'graphql';
import { messageOf } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/registry.ts';
import type { SubgraphOutcome } from '../telemetry/gateway-metrics.ts';

const FAILURES = {
  unavailable: 'SUBGRAPH_UNAVAILABLE',
  timeout: 'SUBGRAPH_TIMEOUT',
  invalid_response: 'SUBGRAPH_INVALID_RESPONSE',
  invalid_encoding: 'SUBGRAPH_INVALID_ENCODING',
  too_large: 'SUBGRAPH_ANSWER_TOO_LARGE',
  circuit_open: 'SUBGRAPH_CIRCUIT_OPEN',
  deadline: 'REQUEST_DEADLINE_EXCEEDED',
  cancelled: 'REQUEST_CANCELLED',
} as const satisfies Record<Exclude<SubgraphOutcome, 'ok'>, ErrorCode>;

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
    const code = FAILURES[failure];
    super(messageOf(code, undefined, { subgraph }), {
      extensions: { code, subgraph },
      ...(path && { path }),
    });
    this.failure = failure;
    this.subgraph = subgraph;
    this.cause = cause;
  }

  /** The same failure, at a place in the client's operation. */
  at(path: readonly (string | number)[] | undefined): SubgraphError {
    return new SubgraphError(this.failure, this.subgraph, this.cause, path);
  }
}
