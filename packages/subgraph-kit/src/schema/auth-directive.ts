import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { forbidden, unauthenticated } from '../errors.ts';
import { hasRole, type Role, type Viewer } from '../viewer.ts';

interface WithViewer {
  viewer: Viewer | null;
}

/**
 * Makes `@auth(requires: Role)` hold: a field that has it, or whose type has it, is resolved only for a viewer
 * with the role. Anonymous viewers get `UNAUTHENTICATED`, others `FORBIDDEN`; the field's resolver never runs. For a
 * field of `Subscription` that holds when it begins, and again for each event.
 */
export function enforceAuth(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field, _name, typeName) => {
      const type = schema.getType(typeName);
      const requirement =
        getDirective(schema, field, 'auth')?.[0] ?? (type && getDirective(schema, type, 'auth')?.[0]);
      if (!requirement) return field;
      const { requires } = requirement as { requires: Role };
      const guard =
        (run: GraphQLFieldResolver<unknown, WithViewer>): GraphQLFieldResolver<unknown, WithViewer> =>
        (parent, args, context, info) => {
          if (context.viewer === null) throw unauthenticated();
          if (!hasRole(context.viewer, requires)) throw forbidden();
          return run(parent, args, context, info);
        };
      field.resolve = guard(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = guard(field.subscribe);
      return field;
    },
  });
}
