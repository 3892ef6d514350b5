import { InputError } from '@tributary/subgraph-kit';

/** `TR-`, then two groups of four in Crockford's base 32, which has no I, L, O or U. */
const ORDER_NUMBER = /^TR(-[0-9A-HJKMNP-TV-Z]{4}){2}$/;

/**
 * An order's number as the database has it, from one that somebody typed: without blanks around it, in upper case.
 *
 * @param argument - where the client gave it, for the error
 * @throws InputError `INVALID_ARGUMENT` when it cannot be any order's number
 */
export function parseOrderNumber(text: string, argument: string): string {
  const number = text.trim().toUpperCase();
  if (ORDER_NUMBER.test(number)) return number;
  throw new InputError('INVALID_ARGUMENT', argument, 'This is not an order number, such as TR-2K7D-93QF.');
}
