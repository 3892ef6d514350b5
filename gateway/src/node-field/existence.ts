import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { SubgraphAnswer } from '../transport/answer.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { requestFor } from '../transport/subgraph-request.ts';

/** An object as `Query.node` gives it; the query plan fetches the rest from who owns it. */
export interface NodeReference {
  __typename: string;
  id: string;
}

/** Finds the client of a subgraph. */
export type ClientLookup = (subgraph: string) => SubgraphClient;

/** Where to ask about an object. */
export interface NodeKey extends NodeReference {
  owner: string;
}

const EXISTENCE_QUERY =
  'query NodeExistence($representations:[_Any!]!){_entities(representations:$representations){__typename}}';

/**
 * Tells which objects exist and may be seen by who is asking, with one request to each subgraph that owns some
 * of them. Made anew for each request.
 *
 * @returns a loader that gives null for an object that is not there for this viewer, and rejects with the
 *   subgraph's error when it gave one
 */
export function createExistenceLoader(clientOf: ClientLookup, context: GatewayContext) {
  return new DataLoader<NodeKey, NodeReference | null, string>(
    async (keys) => {
      const results: (NodeReference | Error | null)[] = keys.map(() => null);
      const owners = new Set(keys.map(({ owner }) => owner));
      await Promise.all(
        [...owners].map(async (owner) => {
          const indexes = [...keys.keys()].filter((index) => keys[index]?.owner === owner);
          const found = await lookUp(
            clientOf(owner),
            keys.filter((key) => key.owner === owner),
            context,
          );
          indexes.forEach((index, position) => {
            results[index] = found[position] ?? null;
          });
        }),
      );
      return results;
    },
    { cacheKeyFn: ({ id }) => id },
  );
}

async function lookUp(
  client: SubgraphClient,
  keys: NodeKey[],
  context: GatewayContext,
): Promise<(NodeReference | Error | null)[]> {
  const representations = keys.map(({ __typename, id }) => ({ __typename, id }));
  try {
    const answer = await client.send(
      requestFor(EXISTENCE_QUERY, { representations }, { safe: true }),
      context,
    );
    return representations.map((reference, index) => existing(reference, index, answer));
  } catch (error) {
    // One owner's outage is the answer for its own objects only.
    return keys.map(() => error as Error);
  }
}

function existing(
  reference: NodeReference,
  index: number,
  { data, errors = [] }: SubgraphAnswer,
): NodeReference | Error | null {
  const entities = Array.isArray(data?._entities) ? data._entities : [];
  if (entities[index]) return reference;
  const failed = errors.find(({ path }) => path?.[1] === index || path?.[1] === undefined);
  return failed ? new GraphQLError(failed.message, { extensions: failed.extensions ?? {} }) : null;
}
