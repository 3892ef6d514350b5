import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLNonNull,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';

/** `@defer`, as the incremental delivery proposal of 2022-08-24 has it; graphql-js 16 does not know it. */
export const GraphQLDeferDirective = new GraphQLDirective({
  name: 'defer',
  description: 'Lets the fields of this fragment come after the rest of the answer.',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: {
    label: {
      type: GraphQLString,
      description: 'A name for this part of the answer, unique in the operation.',
    },
    if: {
      type: new GraphQLNonNull(GraphQLBoolean),
      description: 'Without it, or when true, the fragment may be deferred.',
      defaultValue: true,
    },
  },
});

/** The same schema with `@defer` in it. */
export function withDefer(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const others = config.directives.filter(({ name }) => name !== GraphQLDeferDirective.name);
  return new GraphQLSchema({ ...config, directives: [...others, GraphQLDeferDirective], assumeValid: true });
}
