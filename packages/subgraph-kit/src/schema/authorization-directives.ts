import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import type { Identity } from '@tributary/platform';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { forbidden, unauthenticated } from '../errors.ts';

interface WithIdentity {
  identity: Pick<Identity, 'scopes'> | null;
}

/** Scopes that are enough: all of one of the lists. */
type ScopeLists = readonly (readonly string[])[];

type Resolver = GraphQLFieldResolver<unknown, WithIdentity>;

/**
 * Makes `@authenticated` and `@requiresScopes` hold, as the gateway does before it asks: a field that has one, or whose
 * type has one, is resolved only for who is signed in and has the scopes. Anonymous viewers get `UNAUTHENTICATED`, others
 * `FORBIDDEN`; the field's resolver never runs. For a field of `Subscription` that holds when it begins, and again for each
 * event.
 *
 * @see https://specs.apollo.dev/requiresScopes/v0.1
 */
export function enforceAuthorization(schema: GraphQLSchema): GraphQLSchema {
  const find = (node: Parameters<typeof getDirective>[1], name: string) =>
    getDirective(schema, node, name)?.[0] ?? getDirective(schema, node, `federation__${name}`)?.[0];
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field, _name, typeName) => {
      const type = schema.getType(typeName);
      const nodes = type ? [field, type] : [field];
      const lists = nodes.flatMap((node) => {
        const scopes = find(node, 'requiresScopes')?.scopes as ScopeLists | undefined;
        return scopes ? [scopes] : [];
      });
      if (lists.length === 0 && !nodes.some((node) => find(node, 'authenticated'))) return field;
      const guard =
        (run: Resolver): Resolver =>
        (parent, args, context, info) => {
          const { identity } = context;
          if (identity === null) throw unauthenticated();
          if (!lists.every((scopes) => isEnough(identity.scopes, scopes))) throw forbidden();
          return run(parent, args, context, info);
        };
      field.resolve = guard(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = guard(field.subscribe);
      return field;
    },
  });
}

const isEnough = (scopes: readonly string[], lists: ScopeLists): boolean =>
  lists.some((list) => list.every((scope) => scopes.includes(scope)));
