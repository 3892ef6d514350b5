import { type ASTNode, BREAK, Kind, visit } from 'graphql';
import type { Exceeded } from './limit-error.ts';
import type { Limits } from './settings.ts';

/**
 * Looks at the lists and objects that are written in a definition, as arguments or defaults of variables.
 *
 * @returns the first limit that one of them is over
 */
export function checkLiterals(definition: ASTNode, limits: Limits): Exceeded | undefined {
  const { list_items: items, input_depth: depth } = limits;
  let over: Exceeded | undefined;
  let nested = 0;
  // This `visit` keeps its own stack, so that the depth of a document does not matter to it.
  visit(definition, {
    enter(node) {
      if (node.kind !== Kind.LIST && node.kind !== Kind.OBJECT) return undefined;
      nested++;
      if (nested > depth) over = { name: 'input_depth', limit: depth, node };
      const length = node.kind === Kind.LIST ? node.values.length : 0;
      if (length > items) over = { name: 'list_items', limit: items, actual: length, node };
      return over ? BREAK : undefined;
    },
    leave(node) {
      if (node.kind === Kind.LIST || node.kind === Kind.OBJECT) nested--;
    },
  });
  return over;
}
