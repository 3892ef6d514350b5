/** The arguments of a Relay connection. */
export interface PageArguments {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

/** A page as a server answers it. */
export interface ConnectionPage<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** GraphQL selection of `ConnectionPage`. */
export const connectionFields = (node: string) =>
  `edges { cursor node { ${node} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;

/**
 * Reads a whole list page by page, from its start or from its end.
 *
 * @param fetchPage - asks the server for one page
 * @param size - items of a page
 * @returns the items in the list's order, whichever way they were read
 * @throws when a page says other than the truth of what lies around it
 */
export async function walkConnection<Node>(
  fetchPage: (args: PageArguments) => Promise<ConnectionPage<Node>>,
  size: number,
  direction: 'forward' | 'backward',
): Promise<Node[]> {
  const forward = direction === 'forward';
  const nodes: Node[] = [];
  let cursor: string | null = null;
  for (;;) {
    const page: ConnectionPage<Node> = await fetchPage(
      forward ? { first: size, after: cursor } : { last: size, before: cursor },
    );
    const { edges, pageInfo } = page;
    const items = edges.map(({ node }) => node);
    if (forward) nodes.push(...items);
    else nodes.unshift(...items);
    const behind = forward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
    const ahead = forward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    if (behind !== (cursor !== null)) throw new Error('a page is wrong about what lies behind it');
    if (pageInfo.startCursor !== (edges.at(0)?.cursor ?? null)) throw new Error('wrong startCursor');
    if (pageInfo.endCursor !== (edges.at(-1)?.cursor ?? null)) throw new Error('wrong endCursor');
    if (!ahead) return nodes;
    if (edges.length !== size) throw new Error('a page that is not the last is not full');
    cursor = forward ? pageInfo.endCursor : pageInfo.startCursor;
  }
}
