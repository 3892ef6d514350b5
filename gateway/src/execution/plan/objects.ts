/** An object of an answer, as JSON gives it. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is an object, and no list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What every object inherits; `__proto__` is a name that a client may give to a field. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether reading a property of this name may give what the object does not have itself. */
export const isInherited = (key: string): boolean => INHERITED.has(key);

/** Reads what an object itself has. */
export const own = (object: JsonObject, key: string): unknown =>
  isInherited(key) && !Object.hasOwn(object, key) ? undefined : object[key];

/** Gives an object a property of its own, whatever its name. */
export function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}
