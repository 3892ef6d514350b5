import { type DirectiveNode, Kind } from 'graphql';
import { type Part, product } from './part.ts';

/** A part that counts only when `@skip` and `@include` leave in what it is of. */
export function underConditions(directives: readonly DirectiveNode[] | undefined, part: Part): Part {
  let left: Part = part;
  for (const { name, arguments: [argument] = [] } of directives ?? []) {
    const isSkip = name.value === 'skip';
    if ((!isSkip && name.value !== 'include') || !argument) continue;
    const { value } = argument;
    if (value.kind === Kind.BOOLEAN && value.value === isSkip) return 0;
    if (value.kind !== Kind.VARIABLE) continue;
    const decides = value.name.value;
    left = product(({ variable }) => ((variable(decides) === true) === isSkip ? 0 : 1), left);
  }
  return left;
}
