import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { forbidden, unauthenticated } from '../errors.ts';
import { hasRole, type Role, type Viewer } from '../viewer.ts';

/**
 * Makes `@auth(requires: Role)` hold: a field that has it, or whose type has it, is resolved only for a viewer
 * with the role. Anonymous viewers get `UNAUTHENTICATED`, others `FORBIDDEN`; the field's resolver never runs.
 */
export function enforceAuth(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field, _name, typeName) => {
      const type = schema.getType(typeName);
      const requirement =
        getDirective(schema, field, 'auth')?.[0] ?? (type && getDirective(schema, type, 'auth')?.[0]);
      if (!requirement) return field;
      const { requires } = requirement as { requires: Role };
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (parent, args, context: { viewer: Viewer | null }, info) => {
        if (context.viewer === null) throw unauthenticated();
        if (!hasRole(context.viewer, requires)) throw forbidden();
        return resolve(parent, args, context, info);
      };
      return field;
    },
  });
}
