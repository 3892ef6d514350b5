import { isObject, type JsonObject, own, setOwn } from './objects.ts';

/** Whether a `__typename` is that of an object type. */
export type IsObjectType = (typename: unknown) => boolean;

/**
 * Puts what a subgraph sent into an object that is there already. What is new is taken over as it is, without a copy:
 * equal entities then share it, at the same place of the same operation.
 *
 * @param isObjectType - when given, the type that an object has said it is of is not replaced by one of its interfaces, as
 * which another subgraph may know it (`@interfaceObject`)
 */
export function merge(target: JsonObject, source: JsonObject, isObjectType?: IsObjectType): void {
  for (const key in source) {
    const value = source[key];
    if (value === undefined) continue;
    const known = own(target, key);
    if (known === value) continue;
    if (isObject(known) && isObject(value)) merge(known, value, isObjectType);
    else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length)
      mergeLists(known, value, isObjectType);
    else if (isObjectType && key === '__typename' && isObjectType(known) && !isObjectType(value)) continue;
    else setOwn(target, key, value);
  }
}

function mergeLists(target: unknown[], source: readonly unknown[], isObjectType?: IsObjectType): void {
  for (let index = 0; index < source.length; index++) {
    const [known, value] = [target[index], source[index]];
    if (isObject(known) && isObject(value)) merge(known, value, isObjectType);
    else if (Array.isArray(known) && Array.isArray(value) && known.length === value.length)
      mergeLists(known, value, isObjectType);
    else target[index] = value;
  }
}
