import type { FetchDataKeyRenamer, ResponsePath } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isObject, type JsonObject, own } from './objects.ts';
import { isOfType } from './type-conditions.ts';

/** Entities for which a fetch has the same arguments from `@fromContext`. */
export interface ContextGroup {
  /** JSON texts of the arguments, by the names of their variables. */
  values: ReadonlyMap<string, string>;
  targets: JsonObject[];
}

const EACH = '@';
const PARENT = '..';
const ON_TYPE = '... on ';

/**
 * Finds the arguments that the entities at a plan's path have from what is around them (`@fromContext`), and puts those
 * with the same arguments together.
 *
 * @param rewrites - where each argument is, seen from an entity; the first place that there is counts
 */
export function groupByContext(
  schema: GraphQLSchema,
  data: JsonObject,
  path: ResponsePath,
  rewrites: readonly FetchDataKeyRenamer[],
): ContextGroup[] {
  const groups = new Map<string, ContextGroup>();
  visitTargets(data, path, 0, [], (target, parents) => {
    const values = new Map<string, string>();
    for (const { path: place, renameKeyTo } of rewrites) {
      if (values.has(renameKeyTo)) continue;
      const value = valueAt(schema, place, [...parents, target]);
      if (value !== undefined) values.set(renameKeyTo, JSON.stringify(value));
    }
    const key = JSON.stringify([...values]);
    const group = groups.get(key);
    if (group) group.targets.push(target);
    else groups.set(key, { values, targets: [target] });
  });
  return [...groups.values()];
}

/** Goes to each object at a path, with the objects that it is in; lists are none. */
function visitTargets(
  value: unknown,
  path: ResponsePath,
  from: number,
  parents: readonly JsonObject[],
  found: (target: JsonObject, parents: readonly JsonObject[]) => void,
): void {
  const key = path[from];
  if (Array.isArray(value)) {
    const next = key === EACH ? from + 1 : from;
    for (const item of value) visitTargets(item, path, next, parents, found);
  } else if (isObject(value)) {
    if (key === undefined) found(value, parents);
    else visitTargets(own(value, String(key)), path, from + 1, [...parents, value], found);
  }
}

/** @param around - the objects around a place, the innermost last. @returns undefined when the path leads nowhere */
function valueAt(schema: GraphQLSchema, path: readonly string[], around: readonly JsonObject[]): unknown {
  const up = path.findIndex((key) => key !== PARENT);
  const start = around.at(-1 - up);
  return start && follow(schema, start, path.slice(up));
}

function follow(schema: GraphQLSchema, value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => follow(schema, item, [key, ...rest]) ?? null);
  if (!isObject(value)) return undefined;
  if (!key.startsWith(ON_TYPE)) return follow(schema, own(value, key), rest);
  const condition = key.slice(ON_TYPE.length);
  return isOfType(schema, value.__typename ?? condition, condition) ? follow(schema, value, rest) : undefined;
}
