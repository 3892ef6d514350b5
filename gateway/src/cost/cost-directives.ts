import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  valueFromASTUntyped,
} from 'graphql';
import { linkOf } from '../supergraph/links.ts';

const FEATURE = 'https://specs.apollo.dev/cost/';

/** What `@listSize` says of a field. */
export interface ListSize {
  /** Items where no slicing argument says how many; null when that is not said either. */
  assumedSize: number | null;
  /** The arguments that say how many items there will be at most. */
  slicingArguments: readonly string[];
  /** The fields of the field's type that are the list, where it is no list itself. */
  sizedFields: ReadonlySet<string>;
  /** Whether an operation has to give one slicing argument, and no more. */
  requireOneSlicingArgument: boolean;
}

/** What a supergraph says of costs (https://specs.apollo.dev/cost/v0.1). */
export interface CostDirectives {
  /**
   * The `weight` of `@cost` by what has it: `Type`, `Type.field`, `Type.field(argument:)` or `Input.field`
   * (https://spec.graphql.org/draft/#sec-Schema-Coordinates).
   */
  weights: ReadonlyMap<string, number>;
  /** By `Type.field`. */
  listSizes: ReadonlyMap<string, ListSize>;
}

/** The names that the directives have in a supergraph. */
interface Names {
  cost: string;
  listSize: string;
}

/** The coordinate of an argument. */
export const argumentCoordinate = (field: string, argument: string): string => `${field}(${argument}:)`;

/** Reads the costs of a supergraph; there are none when it does not link to the specification. */
export function readCostDirectives(sdl: string): CostDirectives {
  const document = parse(sdl, { noLocation: true });
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  const names = namesIn(document);
  if (!names) return { weights, listSizes };

  const readWeight = (coordinate: string, { directives }: { readonly directives?: Directives }) => {
    const { weight } = argumentsOf(directives, names.cost) ?? {};
    if (typeof weight === 'number') weights.set(coordinate, weight);
  };
  const readField = (type: string, field: FieldDefinitionNode | InputValueDefinitionNode) => {
    const coordinate = `${type}.${field.name.value}`;
    readWeight(coordinate, field);
    if (field.kind === Kind.INPUT_VALUE_DEFINITION) return;
    const given = argumentsOf(field.directives, names.listSize);
    if (given) listSizes.set(coordinate, listSizeOf(given));
    for (const argument of field.arguments ?? [])
      readWeight(argumentCoordinate(coordinate, argument.name.value), argument);
  };
  for (const definition of document.definitions) {
    if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
    const type = definition.name.value;
    readWeight(type, definition);
    for (const field of ('fields' in definition && definition.fields) || []) readField(type, field);
  }
  return { weights, listSizes };
}

type Directives = readonly ConstDirectiveNode[] | undefined;

/** A directive has the name that it is imported as, or else one that begins as the link says. */
function namesIn({ definitions }: DocumentNode): Names | null {
  for (const definition of definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of definition.directives ?? []) {
      const link = linkOf(directive);
      if (!link?.url.startsWith(FEATURE)) continue;
      const imported = importsOf(argumentsOf([directive], 'link')?.import);
      return {
        // The directive that is called as its feature has no prefix.
        cost: imported.get('@cost') ?? link.prefix,
        listSize: imported.get('@listSize') ?? `${link.prefix}__listSize`,
      };
    }
  }
  return null;
}

/** What directives are imported as, without `@`, by what the specification calls them. */
function importsOf(given: unknown): Map<string, string> {
  const imported = new Map<string, string>();
  for (const one of Array.isArray(given) ? given : []) {
    const { name, as = name } = typeof one === 'string' ? { name: one } : one;
    if (typeof name === 'string' && typeof as === 'string') imported.set(name, as.replace(/^@/, ''));
  }
  return imported;
}

function argumentsOf(directives: Directives, name: string): Record<string, unknown> | undefined {
  const directive = directives?.find((one) => one.name.value === name);
  return (
    directive &&
    Object.fromEntries(
      (directive.arguments ?? []).map((argument) => [
        argument.name.value,
        valueFromASTUntyped(argument.value),
      ]),
    )
  );
}

function listSizeOf(given: Record<string, unknown>): ListSize {
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument = true } = given;
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : null,
    slicingArguments: texts(slicingArguments),
    sizedFields: new Set(texts(sizedFields)),
    requireOneSlicingArgument: requireOneSlicingArgument === true && texts(slicingArguments).length > 0,
  };
}
