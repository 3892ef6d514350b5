import type { QueryPlanSelectionNode } from '@apollo/query-planner';

/** What is required of an object. */
export type Selections = readonly QueryPlanSelectionNode[];

/** Whether two fields cannot be sent what they require in one representation. */
export function conflict(some: Selections, others: Selections): boolean {
  return some.some((one) =>
    others.some((other) => {
      if (one.kind === 'InlineFragment') return conflict(one.selections, [other]);
      if (other.kind === 'InlineFragment') return conflict([one], other.selections);
      if (one.name !== other.name) return false;
      return one.alias !== other.alias || conflict(one.selections ?? [], other.selections ?? []);
    }),
  );
}

/**
 * Of what a representation has, what some fields of a fetch require, with the names it was fetched under, and what no
 * field requires: that is there for the key.
 *
 * @param requires - what the planner puts in the representation: fields with arguments several times, by their names
 * @param all - what all fields require
 * @param part - what these fields require
 */
export function choose(requires: Selections, all: Selections, part: Selections): QueryPlanSelectionNode[] {
  const chosen = new Map<string, QueryPlanSelectionNode>();
  for (const selection of requires) {
    if (selection.kind === 'InlineFragment') {
      const { typeCondition, selections } = selection;
      const parts = choose(selections, within(all, typeCondition), within(part, typeCondition));
      if (parts.length > 0)
        chosen.set(`... ${typeCondition} ${chosen.size}`, { ...selection, selections: parts });
      continue;
    }
    const known = fieldsCalled(selection.name, all);
    const wanted = fieldsCalled(selection.name, part);
    if (known.length > 0 && wanted.length === 0) continue;
    if (known.some(({ alias }) => alias !== undefined)) {
      for (const field of combined(wanted)) chosen.set(selection.name, field);
    } else if (selection.selections) {
      const parts = choose(selection.selections, partsOf(known), partsOf(wanted));
      if (parts.length > 0) chosen.set(selection.name, { ...selection, selections: parts });
    } else {
      chosen.set(selection.name, selection);
    }
  }
  return [...chosen.values()];
}

type Field = Extract<QueryPlanSelectionNode, { kind: 'Field' }>;

/** The same selections, each once. */
function combined(selections: Selections): QueryPlanSelectionNode[] {
  const byKey = new Map<string, QueryPlanSelectionNode>();
  for (const selection of selections) {
    const key =
      selection.kind === 'Field' ? (selection.alias ?? selection.name) : `... ${selection.typeCondition}`;
    const known = byKey.get(key);
    const parts = [...(known?.selections ?? []), ...(selection.selections ?? [])];
    byKey.set(key, parts.length > 0 ? { ...selection, selections: combined(parts) } : selection);
  }
  return [...byKey.values()];
}

const fieldsCalled = (name: string, selections: Selections): Field[] =>
  selections.filter((one): one is Field => one.kind === 'Field' && one.name === name);

const partsOf = (fields: readonly Field[]): QueryPlanSelectionNode[] =>
  fields.flatMap(({ selections = [] }) => selections);

/** What is required of objects that meet a type condition. */
const within = (selections: Selections, typeCondition: string | undefined): QueryPlanSelectionNode[] =>
  selections.flatMap((one) =>
    one.kind === 'InlineFragment' && one.typeCondition === typeCondition ? [one, ...one.selections] : [one],
  );
