/** What a changed file asks for, in the order it is done. */
export type Reaction =
  /** Write the Prisma client of a database anew. */
  | { do: 'generate client' }
  /** Apply the migrations that are new. */
  | { do: 'migrate' }
  /** See whether the supergraph still composes; when it does not, nothing else is done. */
  | { do: 'compose' }
  /** Write the resolvers' types of a subgraph anew. */
  | { do: 'generate types'; subgraph: string }
  /** Start a service again; `*` stands for all. */
  | { do: 'restart'; service: string };

const GATEWAY = 'gateway';

/** Patterns of files under the repository's root, the first that fits counts. */
const RULES: readonly (readonly [RegExp, (name: string) => Reaction[]])[] = [
  [/(^|\/)(generated|dist|node_modules|test)\//, () => []],
  [
    /^subgraphs\/([^/]+)\/schema\.graphql$/,
    (subgraph) => [
      { do: 'compose' },
      { do: 'generate types', subgraph },
      { do: 'restart', service: subgraph },
    ],
  ],
  [
    /^subgraphs\/([^/]+)\/src\/resolvers\/parents\.ts$/,
    (subgraph) => [
      { do: 'generate types', subgraph },
      { do: 'restart', service: subgraph },
    ],
  ],
  [/^subgraphs\/([^/]+)\/src\/.+\.ts$/, (service) => [{ do: 'restart', service }]],
  [/^prisma\/([^/]+)\/schema\.prisma$/, (service) => [{ do: 'generate client' }, { do: 'restart', service }]],
  [/^prisma\/([^/]+)\/migrations\/.+\.sql$/, (service) => [{ do: 'migrate' }, { do: 'restart', service }]],
  [/^packages\/platform\/src\/.+\.ts$/, () => [{ do: 'restart', service: '*' }]],
  [/^packages\/(subgraph-kit|jobs)\/src\/.+\.ts$/, () => [{ do: 'restart', service: 'subgraphs' }]],
  [/^(gateway|packages\/explorer)\/src\/.+\.ts$/, () => [{ do: 'restart', service: GATEWAY }]],
];

/**
 * What has to be done about a changed file. The gateway watches the schemas itself, and swaps the supergraph.
 *
 * @param path - relative to the repository's root, with slashes
 */
export function reactionsTo(path: string): Reaction[] {
  for (const [pattern, reactions] of RULES) {
    const match = pattern.exec(path);
    if (match) return reactions(match[1] ?? '');
  }
  return [];
}
