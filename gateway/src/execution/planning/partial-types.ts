import type { Schema } from '@apollo/federation-internals';
import graphPath from '@apollo/query-graphs/dist/graphPath.js';

/** One way to fetch what was selected so far: paths through the query graph that are followed together. */
interface Way {
  readonly paths: readonly { subgraphJumps(): number }[];
}

/** A field or a fragment of the operation, as the planner goes on to it. */
interface Step {
  readonly kind: 'Field' | 'FragmentElement';
}

/**
 * The ways that a step leads to from a way: `undefined` when it cannot be followed there, none when nothing can come of
 * it there, such as a fragment on a type that the subgraph's union does not have.
 */
type Advance = (supergraph: Schema, way: Way, step: Step, ...more: unknown[]) => Way[] | undefined;

/** The part of `@apollo/query-graphs` that is mended. */
const module = graphPath as unknown as { advanceSimultaneousPathsWithOperation?: Advance };

const mended = new WeakSet<Schema>();

/** The ways that lead to the same place, by each of them. */
const alternatives = new WeakMap<Way, readonly Way[]>();

/**
 * Mends the planning of fragments on types that not every subgraph has in its part of a union or an interface.
 *
 * The planner drops such a fragment when any of the subgraphs that could be asked for what is around it does not know the
 * type, though it then asks one that does. Here only those ways count that need no more changes of subgraph than others:
 * what is around the fragment is fetched by one of them, so a longer way that leads nowhere is left out of the choice.
 * Between ways of the same length nothing changes: `@shareable` fields have the same value everywhere, which can then only
 * be of a type that all of them know.
 *
 * @param supergraph - of the planner to mend; planners of other supergraphs in the process stay as they come
 * @throws Error when `@apollo/query-graphs` is of a version that has no such function
 */
export function mendPartialTypes(supergraph: Schema): void {
  installOnce();
  mended.add(supergraph);
}

let isInstalled = false;

function installOnce(): void {
  if (isInstalled) return;
  const advance = module.advanceSimultaneousPathsWithOperation;
  if (!advance) throw new Error('the query planner does not advance paths as in @apollo/query-graphs 2.14');
  module.advanceSimultaneousPathsWithOperation = mend(advance);
  isInstalled = true;
}

function mend(advance: Advance): Advance {
  // The planner takes a step on all alternatives one after another; where these lead are alternatives again.
  let last: { step: Step; from: readonly Way[] | undefined; to: Way[] } | undefined;
  return (supergraph, way, step, ...more) => {
    if (!mended.has(supergraph)) return advance(supergraph, way, step, ...more);
    const from = alternatives.get(way);
    const turn = last?.step === step && last.from === from ? last : { step, from, to: [] };
    // Planning what keys and @requires need calls this function again, inside of this call.
    const next = advance(supergraph, way, step, ...more);
    last = turn;
    for (const reached of next ?? []) {
      turn.to.push(reached);
      alternatives.set(reached, turn.to);
    }
    if (step.kind !== 'FragmentElement' || next?.length !== 0) return next;
    const shorter = from?.filter((other) => jumps(other) < jumps(way)) ?? [];
    return shorter.some((other) => advance(supergraph, other, step, ...more)?.length) ? undefined : next;
  };
}

/** How often the subgraph changes on the way. */
const jumps = ({ paths }: Way): number => Math.max(...paths.map((path) => path.subgraphJumps()));
