import { currentSpan, inSpan } from '@tributary/platform';
import type DataLoader from 'dataloader';

/** What a loader fetches with; it is called as a method of the loader. */
type Batch<Key, Value> = (
  this: DataLoader<Key, Value, unknown>,
  keys: readonly Key[],
) => Promise<ArrayLike<Value | Error>>;

/** Gives each batch of a loader a span, with the loader's name where it knows that. */
export const tracedBatch = <Key, Value>(
  load: (keys: readonly Key[]) => Promise<ArrayLike<Value | Error>>,
): Batch<Key, Value> =>
  function (keys) {
    if (!currentSpan()) return load(keys);
    const attributes = { 'tributary.loader.keys': keys.length };
    return inSpan(`load ${this.name ?? 'rows'}`, { attributes }, () => load(keys));
  };
