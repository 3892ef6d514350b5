/**
 * How one run of an operation went: `extensions.explain` of an answer.
 *
 * Times are milliseconds since the run began, with three decimals; sizes are bytes. It holds no variables, no entities
 * and no part of an answer. Literals that the client wrote into its operation stand in the texts of the fetches.
 */
export interface Explanation {
  /** Changes when a reader of the one before could go wrong. */
  version: 1;
  operation: ExplainedOperation;
  /** What was planned; null when no subgraph has to be asked, as for `__typename` alone. */
  plan: ExplainedNode | null;
  /** The plan as text, in the format of `@apollo/query-planner`; empty when there is none. */
  planText: string;
  /** What was asked of subgraphs for the (first) answer, in the order in which it was begun. */
  fetches: readonly ExplainedFetch[];
  /** Writing the answer's data. At the first run, what writes it is compiled in this time. */
  answer: { start: number; end: number; bytes: number };
  /** From the start of the run until the answer's data were written. */
  duration: number;
}

/** The client's operation. */
export interface ExplainedOperation {
  /** Null for one without a name. */
  name: string | null;
  kind: 'query' | 'mutation' | 'subscription';
  /** Whether it was compiled before; then `planning` and `compiling` are what they took then, not in this run. */
  remembered: boolean;
  /** Milliseconds that planning took. */
  planning: number;
  /** Milliseconds that compiling the plan took. */
  compiling: number;
}

/** A node of a query plan. */
export type ExplainedNode =
  | { kind: 'sequence' | 'parallel'; nodes: readonly ExplainedNode[] }
  | {
      kind: 'condition';
      /** Name of the variable that decides. */
      variable: string;
      ifTrue: ExplainedNode | null;
      ifFalse: ExplainedNode | null;
    }
  | {
      /** What has parts that come later (`@defer`). Their requests are not told, as they go on after the first answer. */
      kind: 'defer';
      /** What the first answer needs; null when nothing has to be fetched for it. */
      first: ExplainedNode | null;
      later: readonly ExplainedLaterPart[];
    }
  | {
      kind: 'fetch';
      /** Names the fetch in `parts` of what was asked. */
      id: string;
      subgraph: string;
      of: FetchKind;
      /** Where in the answer the data go; `@` stands for every item of a list. */
      path: readonly (string | number)[];
      /** The GraphQL document for the subgraph. */
      query: string;
    };

/** A part of an answer that comes later. */
export interface ExplainedLaterPart {
  /** The client's name for it; null for one without. */
  label: string | null;
  /** Where in the answer it is; lists are not in it. */
  path: readonly (string | number)[];
  /** The fetches that have to be over before it begins, by their ids. */
  after: readonly string[];
  /** Null when nothing more has to be fetched for it. */
  node: ExplainedNode | null;
}

/** Fields of a root type, or fields of entities by their keys. */
export type FetchKind = 'root' | 'entities';

/** Where the answer to a request came from. */
export type CacheState = 'none' | 'hit' | 'partial' | 'miss' | 'shared';

/** One request to a subgraph. */
export interface ExplainedFetch {
  subgraph: string;
  /** The fetches of the plan that it is for: more than one when fetches of entities went together. */
  parts: readonly ExplainedPart[];
  /** The GraphQL document that was sent. */
  query: string;
  start: number;
  end: number;
  /** How many times it was sent: more than once when the connection was refused or broke; 0 when it was not sent over HTTP. */
  attempts: number;
  /** Size of the request's body; null when it was not sent over HTTP. */
  bytesOut: number | null;
  /** Size of the answer's body, not compressed; null when none came over HTTP. */
  bytesIn: number | null;
  /** HTTP status of the answer; null when none came over HTTP. */
  status: number | null;
  /** Code of the failure when there is no answer that can be used, e.g. `SUBGRAPH_TIMEOUT`; else null. */
  error: string | null;
  /** How many GraphQL errors the answer has. */
  errors: number;
  /** `none`: it was asked for this operation alone, and no cache was looked into. */
  cache: CacheState;
}

/** A fetch of the plan in one request. */
export interface ExplainedPart {
  /** As in the plan. */
  id: string;
  kind: FetchKind;
  /** As in the plan. */
  path: readonly (string | number)[];
  /** Null for fields of a root type. */
  entities: {
    /** Objects in the answer that are to get fields. */
    wanted: number;
    /** Entities asked for: equal ones once. */
    sent: number;
  } | null;
}
