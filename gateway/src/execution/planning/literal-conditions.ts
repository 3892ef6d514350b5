import {
  type DirectiveNode,
  type DocumentNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
  visit,
} from 'graphql';

/** Selects the name of an object's type. */
export const TYPE_NAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * An operation without what `@skip` and `@include` leave out whatever the variables are, and without such directives on
 * what they leave in.
 *
 * The planner takes them off fields that it fetches under a condition with a variable, and so fetches what is left out.
 */
export function withoutLiteralConditions(document: DocumentNode): DocumentNode {
  return visit(document, {
    enter(node) {
      if (node.kind === Kind.DIRECTIVE) return literalOf(node) === undefined ? undefined : null;
      if (!('directives' in node)) return undefined;
      return node.directives?.some((directive) => literalOf(directive) === false) ? null : undefined;
    },
    leave(node) {
      if (!('selectionSet' in node) || node.selectionSet?.selections.length !== 0) return undefined;
      if (node.kind === Kind.INLINE_FRAGMENT) return null;
      // An object of which nothing is selected is there all the same.
      return { ...node, selectionSet: { ...node.selectionSet, selections: [TYPE_NAME] } };
    },
  });
}

/** Whether a directive leaves in what has it; undefined for one that depends on a variable, and for other directives. */
function literalOf({ name, arguments: [argument] = [] }: DirectiveNode): boolean | undefined {
  if (argument?.value.kind !== Kind.BOOLEAN) return undefined;
  if (name.value === GraphQLSkipDirective.name) return !argument.value.value;
  return name.value === GraphQLIncludeDirective.name ? argument.value.value : undefined;
}
