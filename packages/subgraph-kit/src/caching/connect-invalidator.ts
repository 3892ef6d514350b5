import { createInvalidator, type Invalidator, type Logger, type Registry } from '@tributary/platform';
import { type EvictionSettings, evictsCaches } from './eviction.ts';

export interface InvalidatorSource {
  /** Of the service. */
  name: string;
  settings: EvictionSettings & { INTERNAL_SECRET?: string | undefined };
  logger: Logger;
  metrics: Registry;
}

/** Makes the invalidator that the settings ask for. Where they ask for none, it says what clients will notice. */
export function connectInvalidator(source: InvalidatorSource): Invalidator | null {
  const { name: service, settings, logger, metrics } = source;
  const { REDIS_URL: redisUrl, CACHE_INVALIDATION_URL: url, INTERNAL_SECRET: secret } = settings;
  if (!evictsCaches(settings)) {
    logger.warn(
      'neither REDIS_URL nor CACHE_INVALIDATION_URL is set: what gateways keep is old until its time is over',
    );
    return null;
  }
  return createInvalidator({ redisUrl, url, secret, service, logger, metrics });
}
