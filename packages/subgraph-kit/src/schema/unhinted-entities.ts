import { type ConstDirectiveNode, type DocumentNode, Kind, type ObjectTypeDefinitionNode } from 'graphql';

const HINT = 'cacheControl';

/**
 * Gives entities without `@cacheControl` one that says `maxAge: 0`, which is what having none means. In a list of
 * entities of several types Apollo's `_entities` counts the hints of those types only that have one, so that the others
 * would be kept with them.
 */
export function withHintsOfEntities(document: DocumentNode): DocumentNode {
  const knowsHints = document.definitions.some(
    (definition) => definition.kind === Kind.DIRECTIVE_DEFINITION && definition.name.value === HINT,
  );
  if (!knowsHints) return document;
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION && isUnhintedEntity(definition)
        ? { ...definition, directives: [...(definition.directives ?? []), NEVER] }
        : definition,
    ),
  };
}

/** A type that others give only a reference to (`resolvable: false`) is never asked for as an entity. */
const isUnhintedEntity = ({ directives = [] }: ObjectTypeDefinitionNode): boolean =>
  directives.every(({ name }) => name.value !== HINT) && directives.some(isResolvableKey);

const isResolvableKey = ({ name, arguments: given = [] }: ConstDirectiveNode): boolean =>
  /^(federation__)?key$/.test(name.value) &&
  !given.some(
    (argument) =>
      argument.name.value === 'resolvable' && argument.value.kind === Kind.BOOLEAN && !argument.value.value,
  );

const NEVER: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: HINT },
  arguments: [
    {
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: 'maxAge' },
      value: { kind: Kind.INT, value: '0' },
    },
  ],
};
