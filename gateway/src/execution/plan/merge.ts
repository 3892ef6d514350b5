import { isObject, type JsonObject, own, setOwn } from './objects.ts';

/**
 * Puts what a subgraph sent into an object that is there already. What is new is taken over as it is, without a copy:
 * equal entities then share it, at the same place of the same operation.
 */
export function merge(target: JsonObject, source: JsonObject): void {
  for (const key in source) {
    const value = source[key];
    if (value === undefined) continue;
    const known = own(target, key);
    if (known === value) continue;
    if (isObject(known) && isObject(value)) merge(known, value);
    else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length)
      mergeLists(known, value);
    else setOwn(target, key, value);
  }
}

function mergeLists(target: unknown[], source: readonly unknown[]): void {
  for (let index = 0; index < source.length; index++) {
    const [known, value] = [target[index], source[index]];
    if (isObject(known) && isObject(value)) merge(known, value);
    else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length)
      mergeLists(known, value);
    else target[index] = value;
  }
}
