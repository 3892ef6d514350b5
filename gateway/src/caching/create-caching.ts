import type { Logger, Registry } from '@tributary/platform';
import type { Changes } from '../transport/sharing/changes.ts';
import { Caching } from './caching.ts';
import type { CachingSettings } from './settings.ts';
import { createCacheMetrics } from './store/cache-metrics.ts';
import { type CacheStores, createCacheStores } from './store/cache-stores.ts';

/** What caches are made with. */
export interface CachingOptions {
  settings: CachingSettings;
  redisUrl: string | undefined;
  /** Told of what is invalidated. */
  changes: Changes;
  registry: Registry;
  logger: Logger;
}

/** Makes what keeps answers and entities. @returns with the stores, to be closed */
export function createCaching({ settings, redisUrl, changes, registry, logger }: CachingOptions): {
  caching: Caching;
  stores: CacheStores;
} {
  const metrics = createCacheMetrics(registry);
  const stores = createCacheStores({
    redisUrl,
    prefix: settings.redisPrefix,
    logger,
    metrics,
    onInvalidated() {
      changes.note();
      caching.noteChange();
    },
  });
  const caching = new Caching(settings, stores, metrics);
  return { caching, stores };
}
