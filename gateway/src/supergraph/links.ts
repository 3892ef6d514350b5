import { type ConstDirectiveNode, Kind } from 'graphql';

/** A feature that a schema uses. */
export interface Link {
  /** With its version, such as `https://specs.apollo.dev/tag/v0.3`. */
  url: string;
  /** What the names of the feature start with, where they are not imported. */
  prefix: string;
  /** The names that its directives have in the schema, without `@`. */
  importedDirectives: readonly string[];
  /** `SECURITY` or `EXECUTION` when the schema must not be served without the feature. */
  purpose: string | undefined;
}

/** Reads `@link` (https://specs.apollo.dev/link/v1.0); undefined for other directives. */
export function linkOf({ name, arguments: args = [] }: ConstDirectiveNode): Link | undefined {
  if (name.value !== 'link') return undefined;
  const values = new Map(args.map(({ name, value }) => [name.value, value]));
  const url = textOf(values.get('url'));
  if (url === undefined) return undefined;
  const purpose = values.get('for');
  const imports = values.get('import');
  return {
    url,
    prefix: textOf(values.get('as')) ?? url.split('/').at(-2) ?? '',
    importedDirectives:
      imports?.kind === Kind.LIST ? imports.values.flatMap((value) => directiveOf(value) ?? []) : [],
    purpose: purpose?.kind === Kind.ENUM ? purpose.value : undefined,
  };
}

type Value = NonNullable<ConstDirectiveNode['arguments']>[number]['value'];

const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === Kind.STRING ? value.value : undefined;

/** An import is a name, or an object of the name and what it is called here. */
function directiveOf(value: Value): string | undefined {
  const field = (name: string) =>
    value.kind === Kind.OBJECT
      ? textOf(value.fields.find((field) => field.name.value === name)?.value)
      : undefined;
  const name = textOf(value) ?? field('as') ?? field('name');
  return name?.startsWith('@') ? name.slice(1) : undefined;
}
