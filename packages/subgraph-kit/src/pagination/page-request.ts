import { InputError } from '../errors.ts';

export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** The Relay connection arguments, as a client gives them. */
export interface ConnectionArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** What a client asked for, checked. */
export interface PageRequest {
  /** Number of items, from 0 to `MAX_PAGE_SIZE`. */
  size: number;
  /** `forward` from the start or after the cursor; `backward` from the end or before it. */
  direction: 'forward' | 'backward';
  /** Exclusive; null for the first page of the direction. */
  cursor: string | null;
}

/**
 * Checks connection arguments (Relay Cursor Connections Specification, section 4).
 *
 * @throws InputError `INVALID_PAGINATION` naming the argument to change
 */
export function pageRequest(args: ConnectionArguments, defaultSize = DEFAULT_PAGE_SIZE): PageRequest {
  const { first = null, after = null, last = null, before = null } = args;
  if (first !== null && last !== null) refuse('last', 'Use either first or last, not both.');
  if (after !== null && before !== null) refuse('before', 'Use either after or before, not both.');
  if (last !== null || before !== null) {
    if (first !== null) refuse('first', 'Use last with before.');
    if (after !== null) refuse('after', 'Use first with after.');
    return { size: checkedSize('last', last ?? defaultSize), direction: 'backward', cursor: before };
  }
  return { size: checkedSize('first', first ?? defaultSize), direction: 'forward', cursor: after };
}

function checkedSize(argument: 'first' | 'last', size: number): number {
  if (size < 0) refuse(argument, `${argument} must not be negative.`);
  if (size > MAX_PAGE_SIZE) refuse(argument, `${argument} must be ${MAX_PAGE_SIZE} at most.`);
  return size;
}

function refuse(argument: string, message: string): never {
  throw new InputError('INVALID_PAGINATION', argument, message);
}
