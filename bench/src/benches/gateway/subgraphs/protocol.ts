/** A request that a gateway made to a subgraph. */
export interface Call {
  /** Path of the subgraph's URL. */
  path: string;
  /** The request, as JSON. */
  body: string;
  /** Places, in the same list, of the calls whose answers were sent before this one was made. */
  after: number[];
}

/** What the subgraphs' process is asked: how many requests it had, or to write down those that follow. */
export type SubgraphsOrder = { order: 'count' } | { order: 'record' } | { order: 'recorded' };

/** Its first message, when it listens, and its answers to orders. */
export type SubgraphsReply = { port: number } | { count: number } | { calls: Call[] };
