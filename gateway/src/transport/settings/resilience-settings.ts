import { z } from 'zod';
import type { RetryLimits } from '../resilience/calls.ts';
import type { BreakerLimits } from '../resilience/circuit-breaker.ts';
import { duration, share } from './units.ts';

const count = (what: string, min: number, max: number) =>
  z
    .int({ error: `must be a number of ${what}` })
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

/** Settings that may be `false`; those are read as null. @param keys - as they are told to who writes something else */
const orFalse = <T extends z.ZodRawShape>(shape: T, keys: string) =>
  z.preprocess(
    // What was left empty was not meant to be `false`.
    (given) => (given === false ? null : (given ?? EMPTY)),
    z
      .strictObject(shape, {
        error: ({ code }) =>
          code === 'invalid_type' ? `must be \`false\`, or have some of ${keys}` : undefined,
      })
      .nullable(),
  );

const EMPTY = '';

/** When a call is sent again, as the configuration file has it; null for never. */
export const retrySettings = orFalse(
  {
    attempts: count('times', 1, 10).optional(),
    budget: share().optional(),
    minimum: count('retries', 0, 10_000).optional(),
    pause: duration().optional(),
  },
  '`attempts`, `budget`, `minimum`, `pause`',
);

/** When a subgraph is not asked for a while, as the configuration file has it; null for never. */
export const breakerSettings = orFalse(
  {
    failures: count('failures', 1, 10_000).optional(),
    failure_rate: share().optional(),
    calls: count('calls', 1, 1_000_000).optional(),
    window: duration().optional(),
    open_for: duration().optional(),
  },
  '`failures`, `failure_rate`, `calls`, `window`, `open_for`',
);

/** Fills in what the file leaves out. @returns null when nothing is sent again */
export function completeRetries(given: z.infer<typeof retrySettings> = {}): RetryLimits | null {
  if (given === null) return null;
  return {
    attempts: given.attempts ?? 2,
    share: given.budget ?? 0.1,
    minimum: given.minimum ?? 10,
    pause: given.pause ?? 50, // 50 milliseconds
  };
}

/** Fills in what the file leaves out. @returns null when the subgraph is always asked */
export function completeBreaker(given: z.infer<typeof breakerSettings> = {}): BreakerLimits | null {
  if (given === null) return null;
  return {
    failures: given.failures ?? 5,
    rate: {
      share: given.failure_rate ?? 0.5,
      calls: given.calls ?? 20,
      window: given.window ?? 10_000, // 10 seconds
    },
    openFor: given.open_for ?? 1_000, // 1 second
  };
}
