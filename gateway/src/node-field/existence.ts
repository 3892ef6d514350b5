import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { SubgraphAnswer } from '../transport/answer.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { requestFor } from '../transport/subgraph-request.ts';
import { type ExistencePlace, existenceOperation } from './existence-operation.ts';

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

/** What an owner answered about some objects. */
export interface ExistenceAnswer {
  keys: readonly NodeKey[];
  /** In the order of the keys: whether each is there for who is asking. */
  found: readonly boolean[];
  /** Absent when there is none. */
  answer?: SubgraphAnswer;
}

/**
 * Tells which objects exist and may be seen by who is asking, with one request to each subgraph that owns some
 * of them. Made anew for each request.
 *
 * @param onAnswer - told what each owner answered, before the loader gives it
 * @returns a loader that gives null for an object that is not there for this viewer, and rejects with the
 *   subgraph's error when it gave one
 */
export function createExistenceLoader(
  clientOf: ClientLookup,
  context: GatewayContext,
  onAnswer: (answered: ExistenceAnswer) => void,
) {
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
            onAnswer,
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
  onAnswer: (answered: ExistenceAnswer) => void,
): Promise<(NodeReference | Error | null)[]> {
  const { query, variables, places } = existenceOperation(keys);
  try {
    const answer = await client.send(requestFor(query, variables, { safe: true }), context);
    const found = places.map((place) => existing(place, answer));
    onAnswer({ keys, found: found.map((one) => one !== null && !(one instanceof Error)), answer });
    return found;
  } catch (error) {
    onAnswer({ keys, found: keys.map(() => false) });
    // One owner's outage is the answer for its own objects only.
    return keys.map(() => error as Error);
  }
}

function existing(
  { object, field, index }: ExistencePlace,
  { data, errors = [] }: SubgraphAnswer,
): NodeReference | Error | null {
  const list = data?.[field];
  if (Array.isArray(list) && list[index]) return object;
  const failed = errors.find(
    ({ path }) =>
      path?.[0] === undefined || (path[0] === field && (path[1] === undefined || path[1] === index)),
  );
  return failed ? new GraphQLError(failed.message, { extensions: failed.extensions ?? {} }) : null;
}
