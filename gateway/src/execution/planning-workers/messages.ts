import type { QueryPlan } from '@apollo/query-planner';
import type { GraphQLErrorExtensions } from 'graphql';
import type { PlanningOptions } from '../planning/planning.ts';

/** What a worker is started with. */
export interface WorkerInput {
  /** The supergraph that it plans for. */
  sdl: string;
}

/** An operation to be planned. */
export interface PlanRequest extends PlanningOptions {
  /** The document's text. */
  source: string;
}

/** A plan, as it goes from one thread to another. */
export interface SentPlan {
  kind: 'plan';
  plan: QueryPlan;
  /** As `FetchedNames` has them. */
  byField: ReadonlyMap<string, string>;
  clientNames: ReadonlyMap<string, string>;
  /** Milliseconds that planning took. */
  planning: number;
}

/** Why an operation cannot be planned, as it goes from one thread to another. */
export interface SentFailure {
  kind: 'unplannable' | 'unresolvable' | 'invalid' | 'fault';
  message: string;
  stack: string | undefined;
  /** Of an error of GraphQL. */
  extensions?: GraphQLErrorExtensions;
}

/** What a worker says first: its supergraph is loaded. */
export const READY = 'ready';

/** What a worker answers with. */
export type PlanReply = SentPlan | SentFailure;
