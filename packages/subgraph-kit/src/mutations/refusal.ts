import type { UserError } from './user-error.ts';

/**
 * Thrown by a service that cannot do what a user asked for, for a reason that the user can act on; a transaction
 * that it is thrown through is rolled back. `settle` turns it into the `userErrors` of a payload.
 */
export class Refusal extends Error {
  readonly userErrors: readonly [UserError, ...UserError[]];

  constructor(...userErrors: [UserError, ...UserError[]]) {
    super(userErrors.map(({ code, message }) => `${code}: ${message}`).join('; '));
    this.name = 'Refusal';
    this.userErrors = userErrors;
  }
}

/** What a mutation's payload is made of: the value, or the reasons why there is none. */
export interface Settled<Value> {
  value: Value | null;
  userErrors: UserError[];
}

/**
 * Runs what a mutation does, and tells refusals from faults.
 *
 * @throws whatever `run` throws that is not a `Refusal`
 */
export async function settle<Value>(run: () => Value | Promise<Value>): Promise<Settled<Value>> {
  try {
    return { value: await run(), userErrors: [] };
  } catch (error) {
    if (error instanceof Refusal) return { value: null, userErrors: [...error.userErrors] };
    throw error;
  }
}
