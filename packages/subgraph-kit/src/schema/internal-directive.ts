import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { forbidden } from '../errors.ts';

/**
 * Makes `@internal` hold: a field that has it is resolved only for another service, which signs its requests with
 * its name. Everybody else gets `FORBIDDEN`, whatever their role; the field's resolver never runs.
 */
export function enforceInternal(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field) => {
      if (!getDirective(schema, field, 'internal')?.[0]) return field;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (parent, args, context: { service: string | null }, info) => {
        if (context.service === null) throw forbidden();
        return resolve(parent, args, context, info);
      };
      return field;
    },
  });
}
