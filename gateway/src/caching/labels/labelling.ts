import type { Supergraph } from '@apollo/federation-internals';
import { readCacheTags } from './cache-tags.ts';
import { type FetchLabels, labelFetch } from './fetch-labels.ts';
import { readKeyedSchemas } from './keyed-types.ts';

/**
 * Finds out what caches need to know of a fetch.
 *
 * @param query - the text of the fetch
 * @returns null for a subgraph of which nothing is kept
 */
export type Labelling = (subgraph: string, query: string) => FetchLabels | null;

/**
 * Prepares the labelling of fetches for one supergraph.
 *
 * @param sdl - the supergraph's
 * @param isKept - whether what a subgraph answers may be kept
 */
export function createLabelling(
  supergraph: Supergraph,
  sdl: string,
  isKept: (subgraph: string) => boolean,
): Labelling {
  const tagsOf = readCacheTags(sdl, supergraph.schema.schemaDefinition.rootType('query')?.name ?? 'Query');
  const keyed = readKeyedSchemas(supergraph);
  return (subgraph, query) => {
    const schema = keyed.get(subgraph);
    return schema && isKept(subgraph) ? labelFetch(query, schema, tagsOf(subgraph)) : null;
  };
}
