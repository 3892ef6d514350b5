import { InputError } from './errors.ts';

const MAX_LENGTH = 200; // characters

/**
 * Checks a text that somebody searches for.
 *
 * @param argument - where the client gave it, for the error
 * @param minLength - in characters, without blanks around them
 * @returns the text without blanks around it, and composed (Unicode Normalization Form C): a keyboard that sends
 *   é as e and an accent finds the same as one that sends it whole
 * @throws InputError `INVALID_ARGUMENT` for fewer characters, `TEXT_TOO_LONG` for more than 200
 */
export function searchText(search: string, argument: string, minLength = 0): string {
  const text = search.trim().normalize();
  const { length } = [...text]; // in characters, however many UTF-16 units they take
  if (length < minLength) {
    throw new InputError('INVALID_ARGUMENT', argument, `Search for at least ${minLength} characters.`);
  }
  if (length > MAX_LENGTH) {
    throw new InputError('TEXT_TOO_LONG', argument, `Search for at most ${MAX_LENGTH} characters.`);
  }
  return text;
}
