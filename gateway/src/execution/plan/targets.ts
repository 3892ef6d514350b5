import type { ResponsePath } from '@apollo/query-planner';
import { isObject, type JsonObject, own } from './objects.ts';

/** Stands for every item of a list in a plan's paths. */
const EACH = '@';

/**
 * The objects at a plan's path, in the order of the answer; nulls are left out.
 *
 * @param isShared - whether lists may stand at several places; what is in them is found once then
 */
export function targetsAt(data: JsonObject, path: ResponsePath, isShared: boolean): JsonObject[] {
  const targets: JsonObject[] = [];
  collect(data, path, 0, targets, isShared ? new Set() : null);
  return targets;
}

function collect(
  value: unknown,
  path: ResponsePath,
  from: number,
  targets: JsonObject[],
  seen: Set<unknown> | null,
): void {
  let current = value;
  for (let index = from; index < path.length; index++) {
    if (Array.isArray(current)) {
      collectEach(current, path, path[index] === EACH ? index + 1 : index, targets, seen);
      return;
    }
    if (!isObject(current)) return;
    current = own(current, String(path[index]));
  }
  if (Array.isArray(current)) collectEach(current, path, path.length, targets, seen);
  else if (isObject(current)) targets.push(current);
}

function collectEach(
  list: readonly unknown[],
  path: ResponsePath,
  from: number,
  targets: JsonObject[],
  seen: Set<unknown> | null,
): void {
  if (seen?.has(list)) return;
  seen?.add(list);
  for (const item of list) collect(item, path, from, targets, seen);
}

/** Where the objects at a plan's path stand in the answer. */
export function placesAt(data: JsonObject, path: ResponsePath): Map<JsonObject, ResponsePath[]> {
  const places = new Map<JsonObject, ResponsePath[]>();
  locate(data, path, [], places);
  return places;
}

function locate(
  value: unknown,
  path: ResponsePath,
  place: ResponsePath,
  places: Map<JsonObject, ResponsePath[]>,
): void {
  const [head, ...rest] = path;
  if (Array.isArray(value)) {
    const next = head === EACH ? rest : path;
    value.forEach((item, index) => void locate(item, next, [...place, index], places));
  } else if (isObject(value)) {
    if (head !== undefined) locate(own(value, String(head)), rest, [...place, head], places);
    else places.set(value, [...(places.get(value) ?? []), place]);
  }
}

/** The longest part of a plan's path that names one place: up to its first list. */
export function commonPlace(path: ResponsePath): ResponsePath {
  const list = path.indexOf(EACH);
  return list === -1 ? path : path.slice(0, list);
}
