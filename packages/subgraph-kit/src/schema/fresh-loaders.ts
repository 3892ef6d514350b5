import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';

/** The loaders of a request, where its context has any. */
interface WithLoaders {
  loaders?: Readonly<Record<string, { clearAll(): unknown }>>;
}

/**
 * Has the loaders forget what they read when a mutation has changed something. One request may have several
 * mutations, of which each has to answer what is there after it.
 */
export function forgetAfterMutations(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.MUTATION_ROOT_FIELD]: (field) => {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = async (parent, args, context: WithLoaders, info) => {
        try {
          return await resolve(parent, args, context, info);
        } finally {
          for (const loader of Object.values(context.loaders ?? {})) loader.clearAll();
        }
      };
      return field;
    },
  });
}
