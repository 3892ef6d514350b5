import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES } from '@apollo/federation-internals';
import { DIRECTIVES, specificationOf } from '../authorization/directives.ts';
import type { Link } from './links.ts';

/**
 * Features whose purpose `@apollo/gateway` does not serve, and that are served here: our executor gives `@fromContext` its
 * values and enforces the directives that say who may see what, and `@cacheTag` says what entries of a response cache are
 * to be dropped together, without which every answer is right all the same.
 */
export const SERVED_HERE: ReadonlySet<string> = new Set([
  'https://specs.apollo.dev/cacheTag/v0.1',
  'https://specs.apollo.dev/context/v0.1',
  ...DIRECTIVES.map(specificationOf),
]);

/** Features that are known, and not served, with what to do instead; by the start of their URLs. */
const NOT_SERVED: readonly (readonly [start: string, instead: string])[] = [
  [
    'https://specs.apollo.dev/connect/',
    'Connectors are for Apollo Router; put a subgraph in front of what they ask.',
  ],
  [
    'https://specs.apollo.dev/source/',
    'Sources are for Apollo Router; put a subgraph in front of what they ask.',
  ],
];

/**
 * Refuses a feature that a supergraph must not be served without, and that nobody here serves
 * (https://specs.apollo.dev/link/v1.0/#Purpose). A feature without a purpose says nothing that an answer depends on.
 *
 * @throws Error with the feature's name and what to do
 */
export function refuseUnservedFeature({ url, purpose }: Link): void {
  const instead = NOT_SERVED.find(([start]) => url.startsWith(start))?.[1];
  if (instead !== undefined) throw new Error(`it uses ${url}, which is not served here. ${instead}`);
  if (purpose === undefined || DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES.has(url) || SERVED_HERE.has(url)) return;
  throw new Error(
    `it uses ${url} for ${purpose}, which is not served here. Take it out of the subgraphs’ schemas, or compose with a ` +
      'version of it that docs/supergraphs.md has.',
  );
}
