import { z } from 'zod';
import { duration } from '../../transport/settings/units.ts';
import { ANY_ORIGIN, isOriginPattern, matcherOf } from './origin-pattern.ts';

const ORIGINS =
  "must be a list of origins such as `https://shop.example` or `https://*.shop.example`, or `['*']` alone";

const LONGEST = 24 * 3_600_000; // a day: browsers take no more

/** Whose pages may ask, as the configuration file has it under `cors`. */
export const corsSettings = z
  .strictObject({
    origins: z
      .array(
        z
          .string({ error: ORIGINS })
          .refine((origin) => origin === ANY_ORIGIN || isOriginPattern(origin), { error: ORIGINS }),
        {
          error: ORIGINS,
        },
      )
      .min(1, ORIGINS),
    credentials: z.boolean({ error: 'must be true or false' }).optional(),
    max_age: duration({ min: 0, max: LONGEST, text: 'from 0s to 24h' }).optional(),
  })
  .superRefine(({ origins, credentials }, context) => {
    if (!origins.includes(ANY_ORIGIN)) return;
    if (origins.length > 1) {
      context.addIssue({
        code: 'custom',
        path: ['origins'],
        message: '`*` is every origin: leave the others out',
      });
    }
    if (credentials) {
      const message =
        'cannot be true while `origins` has `*`: any site could ask in the name of its visitors';
      context.addIssue({ code: 'custom', path: ['credentials'], message });
    }
  });

/** Which pages of other origins may ask (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export interface CorsPolicy {
  /** Whether all of them may. */
  anyOrigin: boolean;
  /** Whether they may send cookies. */
  credentials: boolean;
  /** Milliseconds for which a browser need not ask again. */
  maxAge: number;
  /** @param origin - as browsers send it */
  allows(origin: string): boolean;
}

/** Fills in what the file leaves out. */
export function completeCors(given: z.infer<typeof corsSettings>): CorsPolicy {
  const anyOrigin = given.origins.includes(ANY_ORIGIN);
  return {
    anyOrigin,
    credentials: given.credentials ?? false,
    maxAge: given.max_age ?? 3_600_000, // an hour
    allows: anyOrigin ? () => true : matcherOf(given.origins),
  };
}
