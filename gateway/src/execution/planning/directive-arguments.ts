import {
  astFromValue,
  type DirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  visit,
} from 'graphql';

/**
 * Gives directives the arguments that a client left out and that have a default. Clients see one subgraph's definition of a
 * directive; in that of another subgraph the default may be missing.
 */
export function withDirectiveArguments(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  return visit(document, {
    Directive(node: DirectiveNode) {
      const given = new Set(node.arguments?.map(({ name }) => name.value));
      const defaults = schema.getDirective(node.name.value)?.args.flatMap((arg) => {
        const value = given.has(arg.name) ? undefined : astFromValue(arg.defaultValue, arg.type);
        if (!value) return [];
        return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: arg.name }, value } as const;
      });
      if (!defaults?.length) return undefined;
      return { ...node, arguments: [...(node.arguments ?? []), ...defaults] };
    },
  });
}
