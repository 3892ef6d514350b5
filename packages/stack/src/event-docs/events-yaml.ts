import { asyncApiDocument } from '@tributary/domain-events';
import { stringify } from 'yaml';
import { loadSubgraph, subgraphNames } from '../parts/subgraphs.ts';

const HEAD =
  '# What the services tell other systems: written by `npm run settings` from their event catalogues.\n';

/** The AsyncAPI document of what all subgraphs tell other systems. */
export async function eventsYaml(): Promise<string> {
  const subgraphs = await Promise.all(subgraphNames().map(loadSubgraph));
  const catalogues = subgraphs.flatMap(({ eventCatalogue }) => eventCatalogue ?? []);
  return HEAD + stringify(asyncApiDocument(catalogues), { aliasDuplicateObjects: false, lineWidth: 0 });
}
