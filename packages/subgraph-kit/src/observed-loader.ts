import { performance } from 'node:perf_hooks';
import DataLoader from 'dataloader';
import { tracedBatch } from './tracing/trace-batches.ts';

/** Told of each batch. @param keys - how many were asked for together. @param seconds - until their values were there */
export type ObserveBatch = (keys: number, seconds: number) => void;

type LoadBatch<Key, Value> = (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>;

/** A loader whose batches can be observed. */
export class ObservedLoader<Key, Value, CacheKey = Key> extends DataLoader<Key, Value, CacheKey> {
  readonly #observed: { tell: ObserveBatch | null };

  constructor(load: LoadBatch<Key, Value>, options?: DataLoader.Options<Key, Value, CacheKey>) {
    const observed: { tell: ObserveBatch | null } = { tell: null };
    super(
      tracedBatch(async (keys) => {
        const start = performance.now();
        try {
          return await load(keys);
        } finally {
          observed.tell?.(keys.length, (performance.now() - start) / 1_000);
        }
      }),
      options,
    );
    this.#observed = observed;
  }

  /** Tells a listener of the batches from now on, in place of the one before. */
  observe(tell: ObserveBatch): void {
    this.#observed.tell = tell;
  }
}
