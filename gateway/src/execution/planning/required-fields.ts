import { isDeepStrictEqual } from 'node:util';
import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type Conditions, isIncluded, variablesOf } from '../conditions.ts';
import type { VaryingFetch } from '../plan/varying-fetch.ts';
import { type EntityField, entityFields, withFields } from './entity-fields.ts';
import { entityKey, type MendedGraph, requirementKey } from './query-graph.ts';
import { choose, conflict, type Selections } from './required-selections.ts';

/** Whether a type of the supergraph is one that objects say they are of. */
type IsObjectType = (type: string) => boolean;

/**
 * Says in a plan which of the fields that were fetched for `@requires` are sent for which.
 *
 * The planner merges what all fields of a fetch require into one representation. There one field has one value: where two
 * of them require a field with different arguments, the fetch is made two. And what only fields require that are left out
 * by `@skip` or `@include` is not fetched either, so that it must not be asked for in the representation.
 *
 * @returns the plan with such fetches replaced, itself when the graph has no `@requires`
 */
export function assignRequiredFields(
  plan: QueryPlan,
  graph: MendedGraph,
  isObjectType: IsObjectType,
): QueryPlan {
  const { node } = plan;
  if (graph.requirements.size === 0 || !node) return plan;
  const inFetch = (fetch: FetchNode) => assignInFetch(fetch, graph, isObjectType);
  if (node.kind !== 'Subscription') return { ...plan, node: assign(node, inFetch) };
  const { primary, rest } = node;
  return {
    ...plan,
    node: { kind: 'Subscription', primary, ...(rest && { rest: assign(rest, inFetch) }) },
  };
}

function assign(node: PlanNode, inFetch: (fetch: FetchNode) => PlanNode): PlanNode {
  const inside = (part: PlanNode) => assign(part, inFetch);
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map(inside) };
    case 'Flatten':
      return { ...node, node: inside(node.node) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause && { ifClause: inside(node.ifClause) }),
        ...(node.elseClause && { elseClause: inside(node.elseClause) }),
      };
    case 'Defer':
      return {
        ...node,
        primary: { ...node.primary, ...(node.primary.node && { node: inside(node.primary.node) }) },
        deferred: node.deferred.map((part) => ({ ...part, ...(part.node && { node: inside(part.node) }) })),
      };
    case 'Fetch':
      return inFetch(node);
  }
}

/** A field of a fetch, and what it requires. */
interface RequiringField extends EntityField {
  required: Selections;
}

function assignInFetch(
  fetch: FetchNode,
  { requirements, keys }: MendedGraph,
  isObjectType: IsObjectType,
): PlanNode {
  const { requires, serviceName, operation } = fetch;
  if (!requires) return fetch;
  const fields = entityFields(operation).map((field): RequiringField => {
    const required = requirements.get(requirementKey(serviceName, field.type, field.name)) ?? [];
    return { ...field, required };
  });
  const types = new Set(fields.map(({ type }) => type));
  const key = [...types].flatMap((type) => keys.get(entityKey(serviceName, type)) ?? []);
  const all = [...key, ...requiredBy(fields)];
  const sendOnly = (some: readonly RequiringField[]) => choose(requires, all, [...key, ...requiredBy(some)]);
  const parts = partsOf(fields);
  const nodes = parts.map((part) => {
    const node = parts.length === 1 ? fetch : { ...fetch, ...fetchOnly(fetch, part) };
    return vary({ ...node, requires: sendOnly(part) }, part, sendOnly, isObjectType);
  });
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'Parallel', nodes };
}

/** The fields that can go together, as what they require can. */
function partsOf(fields: readonly RequiringField[]): RequiringField[][] {
  const parts: RequiringField[][] = [];
  for (const field of fields) {
    if (field.required.length === 0) continue;
    const part = parts.find((one) => !conflict(requiredBy(one), field.required));
    if (part) part.push(field);
    else parts.push([field]);
  }
  const [first = [], ...others] = parts;
  return [[...first, ...fields.filter(({ required }) => required.length === 0)], ...others];
}

function fetchOnly({ operation, contextRewrites }: FetchNode, fields: readonly EntityField[]) {
  const part = withFields(operation, fields);
  if (!contextRewrites) return part;
  const isUsed = (name: string) => part.variableUsages.includes(name);
  return { ...part, contextRewrites: contextRewrites.filter(({ renameKeyTo }) => isUsed(renameKeyTo)) };
}

/** Has a fetch send only what the fields require that are not left out, where that makes a difference. */
function vary(
  fetch: FetchNode,
  fields: readonly RequiringField[],
  sendOnly: (some: readonly RequiringField[]) => QueryPlanSelectionNode[],
  isObjectType: IsObjectType,
): FetchNode | VaryingFetch {
  const included = (conditions: Conditions) =>
    fields.filter(({ within }) => within.every((directives) => isIncluded(directives, conditions)));
  // The type's name alone tells nothing new, but of an interface, or of an object known as one.
  const isFetched = ({ name, type }: EntityField) => name !== '__typename' || !isObjectType(type);
  const unconditional = fields.filter(({ within }) => within.length === 0);
  if (unconditional.some(isFetched) && isDeepStrictEqual(sendOnly(unconditional), fetch.requires))
    return fetch;
  return {
    ...fetch,
    decidedBy: [...new Set(fields.flatMap(({ within }) => [...variablesOf(within.flat())]))],
    requiresFor(conditions) {
      const some = included(conditions);
      return some.some(isFetched) ? sendOnly(some) : null;
    },
  };
}

const requiredBy = (fields: readonly RequiringField[]): QueryPlanSelectionNode[] =>
  fields.flatMap(({ required }) => required);
