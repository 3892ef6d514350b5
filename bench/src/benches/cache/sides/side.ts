import type { GatewayOptions } from '../../gateway/sides/side.ts';
import type { Variant } from '../variants.ts';

/** What every gateway is started with. */
export interface CacheSideOptions extends GatewayOptions {
  variant: Variant;
  /** Of the Redis to keep answers in; null when there is none. */
  redisUrl: string | null;
}

/** What a peer's process is told of where to keep answers. */
export const cacheEnvironment = ({ variant, redisUrl }: CacheSideOptions): Record<string, string> => ({
  CACHE: variant.peers,
  ...(variant.peers === 'redis' && redisUrl !== null && { REDIS_URL: redisUrl }),
});
