import type { ExplainedLaterPart, ExplainedNode } from '../../explanation.ts';
import { place } from './format.ts';

/** A part of a plan, in the node above it. */
export interface PlanPart {
  /** Null for one that fetches nothing. */
  node: ExplainedNode | null;
  /** What it is to the node above; undefined when that is clear. */
  role?: string;
  /** Set for one that runs after the first answer. */
  isLater?: boolean;
}

/** The nodes below one of a plan, in the order in which they are shown. */
export function partsOf(node: Exclude<ExplainedNode, { kind: 'fetch' }>): PlanPart[] {
  switch (node.kind) {
    case 'condition':
      return [
        { node: node.ifTrue, role: 'if true' },
        { node: node.ifFalse, role: 'if false' },
      ];
    case 'defer':
      return [
        { node: node.first, role: 'first' },
        ...node.later.map((part) => ({ node: part.node, role: laterRole(part), isLater: true })),
      ];
    default:
      return node.nodes.map((part) => ({ node: part }));
  }
}

function laterRole({ label, path, after }: ExplainedLaterPart): string {
  const name = label === null ? 'later' : `later: ${label}`;
  const where = path.length > 0 ? ` at ${place(path)}` : '';
  return `${name}${where}${after.length > 0 ? `, after ${after.map((id) => `#${id}`).join(' ')}` : ''}`;
}
