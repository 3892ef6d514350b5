import { type DirectiveDefinitionNode, DirectiveLocation, type DocumentNode, Kind } from 'graphql';
import { type Link, linkOf } from './links.ts';

/** Where directives stand in operations (https://spec.graphql.org/October2021/#ExecutableDirectiveLocation). */
const EXECUTABLE = new Set<string>([
  DirectiveLocation.QUERY,
  DirectiveLocation.MUTATION,
  DirectiveLocation.SUBSCRIPTION,
  DirectiveLocation.FIELD,
  DirectiveLocation.FRAGMENT_DEFINITION,
  DirectiveLocation.FRAGMENT_SPREAD,
  DirectiveLocation.INLINE_FRAGMENT,
  DirectiveLocation.VARIABLE_DEFINITION,
]);

/**
 * The features, by their URLs, that have directives for operations and none for schemas. Subgraphs share such directives
 * with `@composeDirective`; clients are to use them.
 */
export function executableFeatures({ definitions }: DocumentNode): ReadonlySet<string> {
  const directives = definitions.filter((definition) => definition.kind === Kind.DIRECTIVE_DEFINITION);
  const links = definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? []).flatMap((directive) => linkOf(directive) ?? [])
      : [],
  );
  return new Set(
    links.filter((link) => !link.purpose && isExecutable(link, directives)).map(({ url }) => url),
  );
}

function isExecutable(link: Link, directives: readonly DirectiveDefinitionNode[]): boolean {
  const own = directives.filter(
    ({ name }) =>
      name.value === link.prefix ||
      name.value.startsWith(`${link.prefix}__`) ||
      link.importedDirectives.includes(name.value),
  );
  return (
    own.length > 0 && own.every(({ locations }) => locations.every(({ value }) => EXECUTABLE.has(value)))
  );
}
