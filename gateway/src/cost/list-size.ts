import { type FieldNode, type GraphQLField, Kind } from 'graphql';
import type { ListSize } from './cost-directives.ts';
import { evaluate, type Occasion, type Part } from './part.ts';

/**
 * How many items a field gives by its `@listSize`: the greatest of its slicing arguments, given or by default, or else
 * what is assumed.
 *
 * @param coordinate - of the field, for people
 * @param otherwise - how many when all that says nothing
 */
export function expectedSize(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  { assumedSize, slicingArguments, requireOneSlicingArgument }: ListSize,
  coordinate: string,
  otherwise: number,
): Part {
  const slices = slicingArguments.flatMap((name) => sliceOf(name, node, field) ?? []);
  const size = (given: readonly (number | undefined)[]) => {
    const known = given.filter((one) => one !== undefined);
    return known.length > 0 ? Math.max(...known) : (assumedSize ?? otherwise);
  };
  const isWrong = (given: readonly (number | undefined)[]) =>
    requireOneSlicingArgument && given.filter((one) => one !== undefined).length !== 1;
  const known = slices.filter((slice) => typeof slice === 'number');
  if (known.length === slices.length && !isWrong(known)) return size(known);
  return (occasion) => {
    const given = slices.map((slice) => {
      const value = typeof slice === 'number' ? slice : evaluate(slice, occasion);
      return Number.isNaN(value) ? undefined : value;
    });
    if (isWrong(given)) occasion.problem ??= problem(coordinate, slicingArguments, given);
    return size(given);
  };
}

/** The value of a slicing argument, NaN where a variable gives none; undefined for none at all. */
function sliceOf(name: string, node: FieldNode, field: GraphQLField<unknown, unknown>): Part | undefined {
  const usual = field.args.find((argument) => argument.name === name)?.defaultValue;
  const byDefault = typeof usual === 'number' ? atLeastNone(usual) : undefined;
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (value?.kind === Kind.INT) return atLeastNone(Number(value.value));
  if (value?.kind !== Kind.VARIABLE) return byDefault;
  const sender = value.name.value;
  return ({ variable }: Occasion) => {
    const given = variable(sender);
    return typeof given === 'number' ? atLeastNone(given) : (byDefault ?? Number.NaN);
  };
}

/** What asks for fewer items than none is refused by who gives them. */
const atLeastNone = (size: number): number => Math.max(0, size);

const problem = (coordinate: string, names: readonly string[], given: readonly unknown[]): string =>
  `${coordinate} takes exactly one of the arguments ${names.map((name) => `\`${name}\``).join(', ')}, ` +
  `not ${given.filter((one) => one !== undefined).length}.`;
