import { type DocumentNode, type GraphQLSchema, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

/**
 * Gives each inline fragment that has directives and no type condition the type that it stands in for its condition.
 *
 * Where fields of one name have types that cannot be merged in a subgraph, the planner gives them aliases, and finds
 * them by the type conditions that they are in; it does not look into a fragment that has only `@skip` or `@include`.
 */
export function withTypeConditions(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const typeInfo = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      InlineFragment: (fragment) => {
        const type = typeInfo.getParentType();
        if (fragment.typeCondition || !fragment.directives?.length || !type) return undefined;
        return {
          ...fragment,
          typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } } as const,
        };
      },
    }),
  );
}
