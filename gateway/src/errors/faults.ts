import type { ErrorCode } from './registry.ts';

/**
 * Error codes that are nobody's fault but ours: the operation was good, and the graph did not answer it. What the gateway
 * refuses for want of time is counted where it is refused.
 */
export const FAULT_CODES = [
  'AUTHENTICATION_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'QUERY_PLANNING_FAILED',
  'UNRESOLVABLE_SELECTION',
  'SUBGRAPH_UNAVAILABLE',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_INVALID_RESPONSE',
  'SUBGRAPH_INVALID_ENCODING',
  'SUBGRAPH_ANSWER_TOO_LARGE',
  'SUBGRAPH_CIRCUIT_OPEN',
  'INVALID_GRAPHQL',
  'DOWNSTREAM_SERVICE_ERROR',
  'INTERNAL_SERVER_ERROR',
] as const satisfies readonly ErrorCode[];

/** One of the codes. */
export type FaultCode = (typeof FAULT_CODES)[number];

const CODES: ReadonlySet<string> = new Set(FAULT_CODES);

/** The first fault among the codes of an answer's errors; undefined when there is none. */
export const faultOf = (codes: readonly string[]): FaultCode | undefined =>
  codes.find((code): code is FaultCode => CODES.has(code));
