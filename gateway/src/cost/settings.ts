import { z } from 'zod';

const positive = (most: number) => {
  const error = `must be a whole number from 0 to ${most.toLocaleString('en')}`;
  return z.int({ error }).min(0, { error }).max(most, { error });
};

/** What operations may cost, as the configuration file has it under `cost`. */
export const costSettings = z.strictObject({
  limit: positive(1_000_000_000),
  list_size: positive(100_000).optional(),
  mode: z.enum(['enforce', 'measure'], { error: 'must be `enforce` or `measure`' }).optional(),
});

export type GivenCost = z.infer<typeof costSettings>;

/** What operations may cost. */
export interface CostSettings {
  /** The highest estimated cost of an operation that is run. */
  limit: number;
  /** How many items a list has of whose size the schema and the operation say nothing. */
  listSize: number;
  /** Whether an operation over the limit is refused, or only counted. */
  mode: 'enforce' | 'measure';
}

/** Items that a list is taken to have where nobody says. */
export const DEFAULT_LIST_SIZE = 10;

/** Fills in what the file leaves out. */
export const completeCost = ({ limit, list_size, mode }: GivenCost): CostSettings => ({
  limit,
  listSize: list_size ?? DEFAULT_LIST_SIZE,
  mode: mode ?? 'enforce',
});
