import type { GraphQLError } from 'graphql';
import { andThen, type MaybePromise } from '../execution/maybe-promise.ts';
import type { CompiledOperation } from '../execution/operation.ts';
import { deny } from './denial.ts';
import type { AuthorizationSettings } from './settings.ts';
import { asRefusal, createUnauthorized } from './unauthorized.ts';

/** What of an operation is run for who asks, or why nothing is. */
export type Permission =
  | { operation: CompiledOperation; errors?: never }
  | { operation?: never; errors: readonly [GraphQLError, ...GraphQLError[]] };

/** An operation as somebody asks for it. */
export interface AskedFor {
  /** With nothing left out. */
  whole: CompiledOperation;
  /** The client's, which fit their definitions. */
  variables: Readonly<Record<string, unknown>>;
  /** The texts of the requirements that who asks does not meet. */
  unmet: readonly string[];
}

/**
 * What of an operation is run.
 *
 * @param compile - gives the operation without what takes the requirements that are not met
 */
export function permissionFor(
  { whole, variables, unmet }: AskedFor,
  mode: AuthorizationSettings['mode'],
  compile: () => MaybePromise<CompiledOperation>,
): MaybePromise<Permission> {
  if (unmet.length === 0 || !whole.requirements) return { operation: whole };
  if (mode === 'reject') {
    const denial = deny(whole.parts, whole.requirements, new Set(unmet));
    const [first, ...others] = createUnauthorized(
      whole.parts,
      denial,
    )(whole.conditionsFor(variables)).map(asRefusal);
    if (first) return { errors: [first, ...others] };
  }
  return andThen(compile(), (operation): Permission => ({ operation }));
}
