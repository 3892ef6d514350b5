import { lengthOf, Refusal, validationError } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { COMMON_PASSWORDS } from './common-passwords.ts';

const MIN_LENGTH = 10; // characters
const MAX_LENGTH = 200; // characters: enough for any phrase, and not enough to make hashing slow

/** The same password is the same characters from every keyboard; blanks are part of it. */
const composed = z.string().transform((password) => password.normalize('NFKC'));

/** A password that somebody gives to be let in; it may be from a time with other rules. */
export const givenPassword = composed
  .refine((password) => password !== '', 'This must not be empty.')
  .refine((password) => lengthOf(password) <= MAX_LENGTH, `At most ${MAX_LENGTH} characters.`);

/** A password that somebody chooses. Length is what counts, not which characters it has (NIST SP 800-63B). */
export const chosenPassword = composed
  .refine((password) => lengthOf(password) >= MIN_LENGTH, `At least ${MIN_LENGTH} characters.`)
  .refine((password) => lengthOf(password) <= MAX_LENGTH, `At most ${MAX_LENGTH} characters.`)
  .refine((password) => !COMMON_PASSWORDS.has(password.toLowerCase()), 'Too many people use this password.');

/**
 * @param email - of the account; null where none is known
 * @param field - of the input, that the password was in
 * @throws Refusal when the password is the e-mail address, or the part before its `@`
 */
export function refuseOwnEmail(password: string, email: string | null, field: string): void {
  const lowerCase = password.toLowerCase();
  if (email !== null && [email, email.split('@')[0]].includes(lowerCase))
    throw new Refusal(validationError([field], 'The e-mail address is not a secret.'));
}
