import type { GraphQLError, GraphQLNamedType, OperationDefinitionNode } from 'graphql';
import type { SubgraphAnswer } from '../transport/answer.ts';
import type { DeferredParts } from './defer/later-parts.ts';
import type { FetchCache } from './execution.ts';
import type { Trace } from './explain/trace.ts';
import type { CompiledOperation } from './operation.ts';
import type { JsonObject } from './plan/objects.ts';
import type { FetchedNames } from './planning/response-names.ts';
import type { Selections } from './response/selections.ts';

/** What came of an operation. */
export interface OperationResult {
  /** JSON, in UTF-8. */
  data: Buffer;
  /** What was denied, what subgraphs reported, and requests to them that failed. */
  errors: GraphQLError[];
  /** What was wrong in data that subgraphs sent without an error. */
  invalid: GraphQLError[];
}

/** What one run may have beside variables. */
export interface RunOptions {
  /** Follows the run. @default nothing does */
  trace?: Trace | null | undefined;
  /** Knows what need not be fetched. @default nothing is kept */
  cache?: FetchCache | null | undefined;
  /** What the source of a subscription sent; it stands for the answer to the plan's first fetch. */
  event?: SubgraphAnswer | undefined;
  /** Told once what was fetched, when nothing more is: with deferred parts after the last. @default nobody is */
  observe?: ((fetched: FetchedAnswer) => void) | undefined;
}

/** What one run of an operation fetched. */
export interface FetchedAnswer {
  operation: CompiledOperation;
  data: JsonObject;
  /** The values of the variables that decide about parts of the operation. */
  conditions: Readonly<Record<string, boolean>>;
  /** The client's. */
  variables: Readonly<Record<string, unknown>>;
}

/** How the answer to an operation is read from what was fetched. */
export interface AnswerSource {
  selections: Selections;
  /** What fields are called in what was fetched. */
  names: FetchedNames;
  /** The type of the whole. */
  root: GraphQLNamedType;
  operation: OperationDefinitionNode;
}

/** What came of an operation first, when parts of it are deferred. */
export interface DeferredResult extends OperationResult {
  /** Whether there is more to come. */
  hasNext: boolean;
  /** What comes later; it is written when it is asked for. */
  later: DeferredParts;
}
