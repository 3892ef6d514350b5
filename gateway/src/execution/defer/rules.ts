import {
  type ASTVisitor,
  type DirectiveNode,
  GraphQLError,
  Kind,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { GraphQLDeferDirective } from './directive.ts';

/** A label is a text, and names one `@defer` of a document. */
const deferLabels: ValidationRule = (context: ValidationContext): ASTVisitor => {
  const known = new Map<string, DirectiveNode>();
  return {
    Directive(node) {
      if (node.name.value !== GraphQLDeferDirective.name) return;
      const label = node.arguments?.find(({ name }) => name.value === 'label')?.value;
      if (label?.kind === Kind.VARIABLE) {
        context.reportError(
          new GraphQLError('The label of @defer must be a text, not a variable.', { nodes: node }),
        );
      }
      if (label?.kind !== Kind.STRING) return;
      const first = known.get(label.value);
      if (first) {
        const message = `The label "${label.value}" is used by more than one @defer.`;
        context.reportError(new GraphQLError(message, { nodes: [first, node] }));
      }
      known.set(label.value, node);
    },
  };
};

/** The fields of a mutation run in their order, and a subscription has one answer for each event: none can come late. */
const deferNotOnRoots: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Directive(node) {
    const type = context.getParentType();
    if (node.name.value !== GraphQLDeferDirective.name || !type) return;
    const schema = context.getSchema();
    for (const root of [schema.getMutationType(), schema.getSubscriptionType()]) {
      if (type !== root) continue;
      const message = `@defer cannot be used on fields of ${root.name}; put it below them.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    }
  },
});

/** What `@defer` has to keep to, beside what the specified rules say of every directive. */
export const deferRules: ValidationRule[] = [deferLabels, deferNotOnRoots];
