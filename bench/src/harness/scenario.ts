import type { GraphQLRequest } from './load/request.ts';
import type { Usage } from './usage.ts';

/** One of the systems that are compared. */
export interface Side {
  name: string;
  /** Of its GraphQL endpoint. */
  url: string;
  /** Where its processes serve `/metrics`. */
  adminUrls: readonly string[];
  /** What its processes have used, for a side that does not say so at `/metrics`. */
  usage?(): Promise<Usage>;
}

/** What the sides are asked. */
export interface Scenario {
  name: string;
  /** Sent in turn, so many and so different that no answer is asked for twice in a row. */
  requests: readonly GraphQLRequest[];
  /** Whether an answer's data has all that the scenario is about, so that no emptiness is timed. */
  isFull(data: Record<string, unknown>): boolean;
  /** How many connections to measure it with, each for itself. */
  connections: readonly number[];
}
