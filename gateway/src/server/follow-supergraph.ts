import { hash } from 'node:crypto';
import type { QueryEngine } from '../supergraph/query-engine.ts';

/** What operators are told of the supergraph in use. */
export interface SupergraphDetails {
  /** The same for the same supergraph, whichever gateway has it. */
  id: string;
  /** Since when it is in use, as ISO 8601 has it. */
  since: string;
}

/**
 * Knows which supergraph is in use.
 *
 * @param sdl - gives that of the one in use
 * @returns tells of it
 */
export function followSupergraph(
  { onSupergraph }: Pick<QueryEngine, 'onSupergraph'>,
  sdl: () => string,
): () => SupergraphDetails {
  let details = detailsOf(sdl());
  onSupergraph(() => {
    details = detailsOf(sdl());
  });
  return () => details;
}

const detailsOf = (sdl: string): SupergraphDetails => ({
  id: hash('sha256', sdl, 'hex').slice(0, 16),
  since: new Date().toISOString(),
});
