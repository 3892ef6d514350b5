/**
 * The same object, which says when one of its properties is read: also one that it does not have, and all of them at
 * once.
 *
 * @param free - properties that may be read unnoticed
 */
export function watchReads<Value extends object>(
  value: Value,
  onRead: () => void,
  free: readonly (keyof Value)[] = [],
): Value {
  const note = (name?: PropertyKey) => {
    if (name === undefined || !free.includes(name as keyof Value)) onRead();
  };
  return new Proxy(value, {
    get(target, name) {
      note(name);
      return Reflect.get(target, name);
    },
    has(target, name) {
      note(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name) {
      note(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
    ownKeys(target) {
      note();
      return Reflect.ownKeys(target);
    },
  });
}
