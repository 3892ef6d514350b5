import type { ExplainedNode, Explanation } from '../../explanation.ts';
import { partsOf } from './plan-parts.ts';

/** How many colours the stylesheet has; further subgraphs begin anew. Names always stand beside them. */
const COLOURS = 8;

/** Gives the class of a subgraph's colour. */
export type ColourOf = (subgraph: string) => string;

/** The colours of a plan's subgraphs, in the order of their names, so that runs of an operation look alike. */
export function coloursIn({ plan }: Explanation): ColourOf {
  const names = [...new Set(subgraphsIn(plan))].sort();
  return (subgraph) => `colour-${names.indexOf(subgraph) % COLOURS}`;
}

function subgraphsIn(node: ExplainedNode | null): string[] {
  if (!node) return [];
  if (node.kind === 'fetch') return [node.subgraph];
  return partsOf(node).flatMap(({ node: part }) => subgraphsIn(part));
}
