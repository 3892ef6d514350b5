import {
  type CompositeType,
  federationMetadata,
  type Schema,
  type Selection,
  type SelectionSet,
} from '@apollo/federation-internals';
import type { QueryPlanner, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, type SelectionSetNode } from 'graphql';
import { RequiredNames } from './required-names.ts';

/** The parts of `@apollo/query-planner`'s graph that are mended; all but `sources` is private to it. */
interface QueryGraph {
  readonly sources: ReadonlyMap<string, Schema>;
  allEdges(): Iterable<Edge>;
}

interface Edge {
  readonly head: Vertex;
  readonly tail: Vertex;
  readonly transition: { readonly kind: string; readonly definition?: { readonly name: string } };
  _conditions?: SelectionSet;
}

interface Vertex {
  readonly source: string;
  readonly type: { readonly name: string };
}

/** What a field with `@requires` needs, by the subgraph that has the field, the type there, and the field. */
export type Requirements = ReadonlyMap<string, readonly QueryPlanSelectionNode[]>;

/** The key of a field in {@link Requirements}. */
export const requirementKey = (subgraph: string, type: string, field: string): string =>
  `${subgraph} ${type}.${field}`;

/** The keys of a type, by the subgraph that has them and the type there. */
export type EntityKeys = ReadonlyMap<string, readonly QueryPlanSelectionNode[]>;

/** The key of a type in {@link EntityKeys}. */
export const entityKey = (subgraph: string, type: string): string => `${subgraph} ${type}`;

/** What is known of a query graph after it was mended. */
export interface MendedGraph {
  requirements: Requirements;
  /** All the fields that are in a key. */
  keys: EntityKeys;
  /** The fields that are fetched for `@requires` under names of their own, by these names. */
  requiredNames: ReadonlyMap<string, string>;
}

/**
 * Mends what makes the planner of `@apollo/query-planner` 2.14 plan wrongly. A planner is mended once, before its
 * first plan.
 *
 * - A key with `resolvable: false` could be chosen to come back to a subgraph after `@requires`, though the type has one
 *   that is resolvable; such keys are removed from what the planner knows of the subgraphs. Ways from one subgraph to
 *   another do not use them anyway.
 * - A field that takes arguments is fetched for `@requires` under its own name, where the client's use of the field or
 *   another `@requires` may want other arguments; it gets a name for each set of arguments.
 *
 * @throws Error when the planner is of a version that keeps its graph elsewhere
 */
export function mendQueryGraph(planner: QueryPlanner): MendedGraph {
  const { federatedQueryGraph: graph, supergraph } = planner as unknown as {
    federatedQueryGraph?: QueryGraph;
    supergraph: { schema: Schema };
  };
  if (!graph) throw new Error('the query planner has no graph where it was in @apollo/query-planner 2.14');
  for (const schema of graph.sources.values()) removeUnresolvableKeys(schema);
  const names = new RequiredNames(supergraph.schema);
  const requirements = new Map<string, readonly QueryPlanSelectionNode[]>();
  const keys = new Map<string, readonly QueryPlanSelectionNode[]>();
  const mended = new Map<SelectionSet, SelectionSet>();
  for (const edge of graph.allEdges()) {
    const { head, tail, transition, _conditions: conditions } = edge;
    if (!conditions) continue;
    if (transition.kind === 'KeyResolution') {
      const entity = entityKey(tail.source, tail.type.name);
      const key = toPlanNodes(conditions.toSelectionSetNode());
      keys.set(entity, [...(keys.get(entity) ?? []), ...key]);
    }
    const field = transition.definition?.name;
    if (transition.kind !== 'FieldCollection' || field === undefined) continue;
    const renamed = mended.get(conditions) ?? names.rename(conditions);
    mended.set(conditions, renamed).set(renamed, renamed);
    if (conditions.selections().some(takesArguments)) edge._conditions = renamed;
    requirements.set(
      requirementKey(head.source, head.type.name, field),
      toPlanNodes(renamed.toSelectionSetNode()),
    );
  }
  return { requirements, keys, requiredNames: names.fields };
}

function removeUnresolvableKeys(schema: Schema): void {
  const metadata = federationMetadata(schema);
  if (!metadata) return;
  const keyed = [...schema.objectTypes(), ...schema.interfaceTypes()] satisfies CompositeType[];
  for (const type of keyed) {
    const keys = [...type.appliedDirectivesOf(metadata.keyDirective())];
    const unresolvable = keys.filter((key) => key.arguments().resolvable === false);
    // Where no key is resolvable the planner still looks for one, to tell which type an interface object is of.
    if (unresolvable.length < keys.length) for (const key of unresolvable) key.remove();
  }
}

const takesArguments = (selection: Selection): boolean =>
  (selection.kind === 'FieldSelection' && selection.element.definition.hasArguments()) ||
  (selection.selectionSet?.selections().some(takesArguments) ?? false);

/** As plans have selections. */
function toPlanNodes({ selections }: SelectionSetNode): QueryPlanSelectionNode[] {
  return selections.map((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('@requires cannot have a fragment spread');
    const parts = selection.selectionSet && toPlanNodes(selection.selectionSet);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const typeCondition = selection.typeCondition?.name.value;
      return {
        kind: 'InlineFragment',
        ...(typeCondition !== undefined && { typeCondition }),
        selections: parts ?? [],
      };
    }
    return {
      kind: 'Field',
      ...(selection.alias && { alias: selection.alias.value }),
      name: selection.name.value,
      ...(parts && { selections: parts }),
    };
  });
}
