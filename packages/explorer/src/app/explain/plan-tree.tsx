import type { ExplainedFetch, ExplainedNode } from '../../explanation.ts';
import type { ColourOf } from './colours.ts';
import { count, place, time } from './format.ts';
import { pretty } from './operations.ts';
import { partsOf } from './plan-parts.ts';

interface PlanTreeProps {
  plan: ExplainedNode;
  /** What ran of it. */
  fetches: readonly ExplainedFetch[];
  colourOf: ColourOf;
}

/** The plan as a tree, each fetch with its operation and what it took. */
export function PlanTree({ plan, fetches, colourOf }: PlanTreeProps) {
  return (
    <ul className="tree">
      <Node node={plan} fetches={fetches} colourOf={colourOf} />
    </ul>
  );
}

interface NodeProps extends Omit<PlanTreeProps, 'plan'> {
  node: ExplainedNode;
  /** What the node is to the one above it. */
  role?: string;
  /** Whether it runs after the first answer. */
  isLater?: boolean;
}

function Node({ node, role, isLater = false, ...rest }: NodeProps) {
  if (node.kind === 'fetch') return <FetchNode node={node} role={role} isLater={isLater} {...rest} />;
  const titles = { sequence: 'One after the other', parallel: 'Side by side', defer: 'In parts' };
  return (
    <li>
      <span className="inner">
        {role && <span className="badge">{role}</span>}
        {node.kind === 'condition' ? (
          <>
            If <code>${node.variable}</code>
          </>
        ) : (
          titles[node.kind]
        )}
      </span>
      <ul>
        {partsOf(node).map(
          (child, index) =>
            child.node && (
              // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of a plan have their places.
              <Node key={index} {...rest} {...child} node={child.node} isLater={child.isLater ?? isLater} />
            ),
        )}
      </ul>
    </li>
  );
}

type FetchNodeProps = Omit<NodeProps, 'node' | 'role' | 'isLater'> & {
  node: Extract<ExplainedNode, { kind: 'fetch' }>;
  role: string | undefined;
  isLater: boolean;
};

function FetchNode({ node, role, isLater, fetches, colourOf }: FetchNodeProps) {
  return (
    <li>
      <details>
        <summary>
          {role && <span className="badge">{role}</span>}
          <span className={`dot ${colourOf(node.subgraph)}`} />
          <span className="quiet">#{node.id}</span> <b>{node.subgraph}</b>{' '}
          <span>
            {node.of === 'entities' ? 'entities' : 'root fields'}
            {node.path.length > 0 && ` at ${place(node.path)}`}
          </span>{' '}
          <span className="quiet">{isLater ? 'after the first answer' : ranAs(node.id, fetches)}</span>
        </summary>
        <pre>{pretty(node.query)}</pre>
      </details>
    </li>
  );
}

/** What a fetch of the plan took: it may have been left out, or sent again alone. */
function ranAs(id: string, fetches: readonly ExplainedFetch[]): string {
  const mine = fetches.filter(({ parts }) => parts.some((part) => part.id === id));
  if (mine.length === 0) return 'not needed';
  return mine
    .map(({ start, end, parts, error }) => {
      const entities = parts.find((part) => part.id === id)?.entities;
      const asked = entities
        ? `, ${count(entities.sent, 'entity', 'entities')} for ${count(entities.wanted, 'object')}`
        : '';
      const others = parts.filter((part) => part.id !== id).map((part) => `#${part.id}`);
      return `${time(end - start)}${asked}${others.length > 0 ? `, with ${others.join(' ')}` : ''}${error ? `, ${error}` : ''}`;
    })
    .join('; then ');
}
