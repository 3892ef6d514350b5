/** A value, or the promise of one where there is something to wait for: most requests have nothing, and go on at once. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Goes on with a value, at once when it is there. */
export const andThen = <Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> => (value instanceof Promise ? value.then(next) : next(value));

/** Does something else when the first fails. */
export function orElse<Value>(
  first: () => MaybePromise<Value>,
  other: () => MaybePromise<Value>,
): MaybePromise<Value> {
  try {
    const value = first();
    return value instanceof Promise ? value.catch(other) : value;
  } catch {
    return other();
  }
}
