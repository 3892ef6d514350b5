import { z } from 'zod';
import { duration } from '../transport/settings/units.ts';

const LONGEST = 24 * 3_600_000; // a day

/** Counts are kept by the second. */
const window = () =>
  duration({ min: 1_000, max: LONGEST, text: 'from 1s to 24h' })
    .refine((ms) => ms % 1_000 === 0, 'must be whole seconds')
    .transform((ms) => ms / 1_000);

const points = () =>
  z
    .int('must be a whole number of points')
    .min(1, 'must be at least 1: a limit that lets nothing through is no limit')
    .max(1_000_000_000, 'must be at most 1000000000');

const rate = { points: points(), per: window() };

const FIELD = /^(?:Query|Mutation|Subscription)\.[_A-Za-z]\w*$/;

/** How often and how much may be asked, as the configuration file has it under `rate_limits`; every key may be left out. */
export const rateLimitSettings = z.strictObject({
  per_address: z.strictObject({ ...rate, of: z.enum(['all', 'anonymous']).optional() }).optional(),
  per_viewer: z.strictObject(rate).optional(),
  cost_per_address: z.strictObject(rate).optional(),
  cost_per_viewer: z.strictObject(rate).optional(),
  fields: z
    .record(
      z.string().regex(FIELD, 'a field’s name is `Query.name`, `Mutation.name` or `Subscription.name`'),
      z.strictObject(rate),
    )
    .optional(),
  redis_prefix: z
    .string()
    .regex(/^[\w:.-]{1,100}$/, 'must have 1 to 100 letters, digits and `:._-`')
    .optional(),
});

export type GivenRateLimits = z.infer<typeof rateLimitSettings>;

/** So many points in so much time, which begins with the first of them. */
export interface Rate {
  points: number;
  /** Seconds. */
  per: number;
}

/** How often and how much may be asked; null where there is no limit. */
export interface RateLimitSettings {
  /** Requests from one address: of everybody there, or of those who do not say who they are. */
  perAddress: (Rate & { of: 'all' | 'anonymous' }) | null;
  /** Requests of one user. */
  perViewer: Rate | null;
  /** Cost of the operations from one address. */
  costPerAddress: Rate | null;
  /** Cost of one user's operations. */
  costPerViewer: Rate | null;
  /** By `Query.name`, `Mutation.name` or `Subscription.name`: how often one address may ask for a root field. */
  fields: ReadonlyMap<string, Rate>;
  /** What the names of all keys in Redis begin with. */
  redisPrefix: string;
}

/** Fills in what the file leaves out. */
export function completeRateLimits(given: GivenRateLimits): RateLimitSettings {
  const { per_address: perAddress } = given;
  return {
    perAddress: perAddress ? { ...perAddress, of: perAddress.of ?? 'all' } : null,
    perViewer: given.per_viewer ?? null,
    costPerAddress: given.cost_per_address ?? null,
    costPerViewer: given.cost_per_viewer ?? null,
    fields: new Map(Object.entries(given.fields ?? {})),
    redisPrefix: given.redis_prefix ?? 'tributary:rate',
  };
}
