import { federationMetadata, type Subgraph, type Supergraph } from '@apollo/federation-internals';
import { type GraphQLSchema, isInterfaceType, isObjectType, type SelectionSetNode } from 'graphql';
import { parseFetch } from '../../execution/plan/subgraph-document.ts';

/** A subgraph's schema, with what tells its entities apart. */
export interface KeyedSchema {
  schema: GraphQLSchema;
  /** The keys of a type; none for one that is no entity here. */
  keysOf(type: string): readonly SelectionSetNode[];
  /** All types under which caches know an object of this type. */
  labelledAs(type: string): readonly string[];
}

/**
 * Reads the entities of each subgraph of a supergraph.
 *
 * An object is known to caches by its type, and by those of its interfaces that are entities. Where a subgraph has an
 * interface as `@interfaceObject`, it does not know the types of its objects, so that they are known by all there are.
 */
export function readKeyedSchemas(supergraph: Supergraph): ReadonlyMap<string, KeyedSchema> {
  const subgraphs = [...supergraph.subgraphs()];
  const types = supergraph.schema.toGraphQLJSSchema();
  const keyedInterfaces = new Set(
    subgraphs.flatMap((subgraph) =>
      [...subgraph.schema.interfaceTypes()].flatMap(({ name }) =>
        keysIn(subgraph, name).length > 0 ? name : [],
      ),
    ),
  );
  const labelledAs = (name: string): readonly string[] => {
    const type = types.getType(name);
    if (isInterfaceType(type))
      return [name, ...types.getPossibleTypes(type).map((possible) => possible.name)];
    if (!isObjectType(type)) return [name];
    const interfaces = type.getInterfaces().map((implemented) => implemented.name);
    return [name, ...interfaces.filter((implemented) => keyedInterfaces.has(implemented))];
  };
  return new Map(
    subgraphs.map((subgraph) => {
      const keys = new Map<string, readonly SelectionSetNode[]>();
      const keysOf = (type: string) => {
        const known = keys.get(type) ?? keysIn(subgraph, type);
        keys.set(type, known);
        return known;
      };
      return [subgraph.name, { schema: subgraph.schema.toGraphQLJSSchema(), keysOf, labelledAs }];
    }),
  );
}

/** Those that the subgraph resolves; where there is none, as it only refers to the entity, those that it has. */
function keysIn(subgraph: Subgraph, name: string): readonly SelectionSetNode[] {
  const type = subgraph.schema.type(name);
  const metadata = federationMetadata(subgraph.schema);
  if (!metadata || (type?.kind !== 'ObjectType' && type?.kind !== 'InterfaceType')) return [];
  const keys = [...type.appliedDirectivesOf(metadata.keyDirective())].map((key) => key.arguments());
  const resolvable = keys.filter((key) => key.resolvable !== false);
  return (resolvable.length > 0 ? resolvable : keys).map(
    ({ fields }) => parseFetch(`{${fields}}`).operation.selectionSet,
  );
}
