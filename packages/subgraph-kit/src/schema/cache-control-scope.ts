import { type DocumentNode, type EnumTypeDefinitionNode, Kind } from 'graphql';

const NAME = 'CacheControlScope';

/**
 * Makes the scope of `@cacheControl` the enum that Apollo Server reads. Schema files have it as a scalar: an enum that only
 * an argument of a directive has is a hint of composition.
 */
export const withCacheControlScope = (document: DocumentNode): DocumentNode => ({
  ...document,
  definitions: document.definitions.map((definition) =>
    definition.kind === Kind.SCALAR_TYPE_DEFINITION && definition.name.value === NAME
      ? enumOf(definition.directives)
      : definition,
  ),
});

const enumOf = (directives: EnumTypeDefinitionNode['directives']): EnumTypeDefinitionNode => ({
  kind: Kind.ENUM_TYPE_DEFINITION,
  name: { kind: Kind.NAME, value: NAME },
  ...(directives && { directives }),
  values: ['PUBLIC', 'PRIVATE'].map((value) => ({
    kind: Kind.ENUM_VALUE_DEFINITION,
    name: { kind: Kind.NAME, value },
  })),
});
