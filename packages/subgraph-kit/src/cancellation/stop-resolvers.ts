import { MapperKind, mapSchema } from '@graphql-tools/utils';
import type { GraphQLSchema } from 'graphql';

interface WithSignal {
  signal?: AbortSignal;
}

/** Has resolvers not begin when the request of their context was cancelled. Those that only read a property are left. */
export function stopWhenCancelled(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field) => {
      const { resolve } = field;
      if (!resolve) return field;
      field.resolve = (parent, args, context: WithSignal | undefined, info) => {
        context?.signal?.throwIfAborted();
        return resolve(parent, args, context, info);
      };
      return field;
    },
  });
}
