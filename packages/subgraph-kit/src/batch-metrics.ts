import { Histogram, type Registry } from '@tributary/platform';
import { type ObserveBatch, ObservedLoader } from './observed-loader.ts';

/** The loaders of a request, where its context has any. */
interface WithLoaders {
  loaders?: Readonly<Record<string, unknown>>;
}

/** Registers the figures of batches. @returns has those of a context's loaders counted, by the names they have there */
export function createBatchMetrics(
  registry: Registry,
): <Context extends object>(context: Context & WithLoaders) => Context {
  const seconds = new Histogram({
    name: 'subgraph_batch_duration_seconds',
    help: 'Time of one batch of a loader: what all resolvers of a request that ask at the same time wait for',
    labelNames: ['batch'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers: [registry],
  });
  const sizes = new Histogram({
    name: 'subgraph_batch_size',
    help: 'Keys in one batch of a loader; always 1 where many are wanted means that nothing is batched',
    labelNames: ['batch'],
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
    registers: [registry],
  });
  const observers = new Map<string, ObserveBatch>();
  const observerOf = (batch: string): ObserveBatch => {
    let observer = observers.get(batch);
    if (!observer) {
      const [duration, size] = [seconds.labels({ batch }), sizes.labels({ batch })];
      observer = (keys, time) => {
        duration.observe(time);
        size.observe(keys);
      };
      observers.set(batch, observer);
    }
    return observer;
  };
  return (context) => {
    for (const [name, loader] of Object.entries(context.loaders ?? {}))
      if (loader instanceof ObservedLoader) loader.observe(observerOf(name));
    return context;
  };
}
