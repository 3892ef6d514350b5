import { z } from 'zod';
import {
  type AuthorizationSettings,
  authorizationSettings,
  completeAuthorization,
} from './authorization/settings.ts';
import { type CachingSettings, cachingSettings, completeCaching } from './caching/settings.ts';
import { type CostSettings, completeCost, costSettings } from './cost/settings.ts';
import { completeLimits, type Limits, limitSettings } from './limits/settings.ts';
import { completeOverload, type OverloadSettings, overloadSettings } from './overload/settings.ts';
import { type OverrideShares, overrideShares, overridesSettings } from './overrides/settings.ts';
import {
  completePersistedOperations,
  type PersistedOperationSettings,
  persistedOperationSettings,
} from './persisted-operations/settings.ts';
import { completeRateLimits, type RateLimitSettings, rateLimitSettings } from './rate-limits/settings.ts';
import { type CorsPolicy, completeCors, corsSettings } from './security/cors/settings.ts';

/** What the configuration file says of the gateway's rooms; every key may be left out. */
export const roomSettings = z.strictObject({
  authorization: authorizationSettings.optional(),
  caching: cachingSettings.optional(),
  cors: corsSettings.optional(),
  cost: costSettings.optional(),
  limits: limitSettings.optional(),
  overload: overloadSettings.optional(),
  overrides: overridesSettings.optional(),
  persisted_operations: persistedOperationSettings.optional(),
  rate_limits: rateLimitSettings.optional(),
});

/** The same with the defaults for what the file does not say. */
export interface RoomSettings {
  /** Who may see what. */
  authorization: AuthorizationSettings;
  /** What is kept, and how long; null when the file does not speak of it, and nothing is. */
  caching: CachingSettings | null;
  /** What pages of other origins may do; null when the file does not speak of it, and they may nothing. */
  cors: CorsPolicy | null;
  /** What operations may cost; null when the file does not speak of it, and that is not worked out. */
  cost: CostSettings | null;
  /** What a request may ask for at most. */
  limits: Limits;
  /** When work is refused because there is too much of it; null for never. */
  overload: OverloadSettings | null;
  /** Which progressive `@override`s are in effect, and how often. */
  overrides: OverrideShares;
  /** The operations that clients were built with; null when the file does not speak of them. */
  persistedOperations: PersistedOperationSettings | null;
  /** How often and how much may be asked; null when the file does not speak of it, and nothing is limited. */
  rateLimits: RateLimitSettings | null;
}

/**
 * Fills in what the file leaves out.
 *
 * @param locate - the absolute path of one in the file
 */
export const completeRooms = (
  given: z.infer<typeof roomSettings>,
  locate: (path: string) => string,
): RoomSettings => ({
  authorization: completeAuthorization(given.authorization ?? {}),
  caching: given.caching ? completeCaching(given.caching) : null,
  cors: given.cors ? completeCors(given.cors) : null,
  cost: given.cost ? completeCost(given.cost) : null,
  limits: completeLimits(given.limits),
  overload: completeOverload(given.overload),
  overrides: overrideShares(given.overrides ?? {}),
  persistedOperations: given.persisted_operations
    ? completePersistedOperations(given.persisted_operations, locate)
    : null,
  rateLimits: given.rate_limits ? completeRateLimits(given.rate_limits) : null,
});
