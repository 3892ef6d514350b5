import type DataLoader from 'dataloader';
import {
  GraphQLID,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';
import { gatewayError } from '../errors/gateway-error.ts';
import type { NodeKey, NodeReference } from './existence.ts';
import { typeOfGlobalId } from './global-id.ts';

/** What the resolvers of `Query.node` and `Query.nodes` work with. */
export interface NodeContext {
  existence: DataLoader<NodeKey, NodeReference | null, string>;
}

/** Most ids that `Query.nodes` takes at once. */
export const MAX_NODES = 100;

/**
 * The executable schema of the `node` subgraph.
 *
 * @param owners - the subgraph that owns each type
 */
export function createNodeSchema(owners: ReadonlyMap<string, string>): GraphQLSchema {
  const id = { type: new GraphQLNonNull(GraphQLID) };
  const node = new GraphQLInterfaceType({ name: 'Node', fields: { id } });
  const types = [...owners.keys()].map(
    (name) => new GraphQLObjectType({ name, interfaces: [node], fields: { id } }),
  );

  const find = async (
    value: string,
    argument: string | readonly (string | number)[],
    { existence }: NodeContext,
  ) => {
    const __typename = typeOfGlobalId(value);
    const owner = __typename === null ? undefined : owners.get(__typename);
    if (__typename === null || owner === undefined) {
      throw badInput('INVALID_ID', argument, 'This is not the id of an object in this graph.');
    }
    return existence.load({ __typename, id: value, owner });
  };

  const query = new GraphQLObjectType<unknown, NodeContext>({
    name: 'Query',
    fields: {
      node: {
        type: node,
        args: { id },
        resolve: (_source, args: { id: string }, context) => find(args.id, 'id', context),
      },
      nodes: {
        type: new GraphQLNonNull(new GraphQLList(node)),
        args: { ids: { type: new GraphQLNonNull(new GraphQLList(id.type)) } },
        resolve: (_source, { ids }: { ids: string[] }, context) => {
          if (ids.length > MAX_NODES) {
            throw badInput('TOO_MANY_IDS', 'ids', `At most ${MAX_NODES} ids can be looked up at once.`);
          }
          return ids.map((value, index) => find(value, ['ids', index], context));
        },
      },
    },
  });
  return new GraphQLSchema({ query, types });
}

const badInput = (reason: string, argument: string | readonly (string | number)[], message: string) =>
  gatewayError('BAD_USER_INPUT', { message, extensions: { reason, argument } });
