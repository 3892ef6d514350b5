import { z } from 'zod';
import { duration } from '../transport/settings/units.ts';

const OFF = 'off' as const;

const many = z
  .number({ error: 'must be a whole number from 1 to 100000' })
  .int('must be a whole number from 1 to 100000')
  .min(1, 'must be a whole number from 1 to 100000')
  .max(100_000, 'must be a whole number from 1 to 100000');

const time = () => duration({ min: 1, max: 60_000, text: 'from 1ms to 1m' });

const limits = z
  .strictObject(
    {
      in_flight: z.strictObject({ min: many.optional(), max: many.optional() }).optional(),
      queue: z
        .strictObject({ length: many.optional(), wait: time().optional(), standing_wait: time().optional() })
        .optional(),
      loop_delay: time().optional(),
    },
    { error: 'must be `off`, or have `in_flight`, `queue` or `loop_delay`' },
  )
  .refine(({ in_flight: { min = DEFAULTS.minInFlight, max = DEFAULTS.maxInFlight } = {} }) => min <= max, {
    path: ['in_flight', 'max'],
    message: 'must not be below `min`',
  });

/**
 * When the gateway refuses work because it has too much of it, as the configuration file has it under `overload`. It is
 * no union, which would not say what is wrong inside.
 */
export const overloadSettings = z.unknown().transform((given, context) => {
  // YAML 1.1 reads `off` as false.
  if (given === OFF || given === false) return OFF;
  const { data, error } = limits.safeParse(given);
  if (data) return data;
  for (const issue of error?.issues ?? [])
    context.issues.push({ ...issue, input: given } as z.core.$ZodRawIssue);
  return z.NEVER;
});

export type GivenOverload = z.infer<typeof overloadSettings>;

/** When the gateway refuses work because it has too much of it. */
export interface OverloadSettings {
  /** Operations that run at once, however busy the process is. */
  minInFlight: number;
  /** Operations that run at once while the process has time, such as while subgraphs are slow. */
  maxInFlight: number;
  /** Operations that may wait for others to end. */
  queueLength: number;
  /** Milliseconds that one may wait. */
  wait: number;
  /** Milliseconds that one may wait when there were others all the time for as long as `wait`. */
  standingWait: number;
  /** Milliseconds that the event loop may be late before fewer operations run at once. */
  loopDelay: number;
}

const DEFAULTS: OverloadSettings = {
  minInFlight: 128,
  maxInFlight: 2_000,
  queueLength: 1_000,
  wait: 1_000, // 1 second
  standingWait: 500,
  loopDelay: 50,
};

/** Fills in what the file leaves out. @returns null where nothing is to be refused */
export function completeOverload(given: GivenOverload | undefined): OverloadSettings | null {
  if (given === OFF) return null;
  const { in_flight: inFlight, queue, loop_delay: loopDelay } = given ?? {};
  const minInFlight = inFlight?.min ?? Math.min(DEFAULTS.minInFlight, inFlight?.max ?? DEFAULTS.minInFlight);
  const wait = queue?.wait ?? DEFAULTS.wait;
  return {
    minInFlight,
    maxInFlight: inFlight?.max ?? Math.max(DEFAULTS.maxInFlight, minInFlight),
    queueLength: queue?.length ?? DEFAULTS.queueLength,
    wait,
    standingWait: queue?.standing_wait ?? Math.min(DEFAULTS.standingWait, wait),
    loopDelay: loopDelay ?? DEFAULTS.loopDelay,
  };
}
