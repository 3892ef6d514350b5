import { readFileSync } from 'node:fs';
import { Supergraph } from '@apollo/federation-internals';
import { executableSdl } from '../../src/supergraph/executable-supergraph.ts';
import type { Federation } from './supergraphs.ts';

const SUPERGRAPH = executableSdl(
  readFileSync(new URL('../../../supergraph.graphql', import.meta.url), 'utf8'),
  { policies: false },
);

/** The repository's own supergraph. The data are made up, as everywhere here; the services are not asked. */
export const SHOP: Federation = {
  feature: 'the shop',
  subgraphs: Object.fromEntries(
    [...Supergraph.build(SUPERGRAPH).subgraphs().values()].map((subgraph) => [
      subgraph.name,
      subgraph.toString(),
    ]),
  ),
  supergraph: SUPERGRAPH,
};
