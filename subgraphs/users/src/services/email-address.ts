import { z } from 'zod';

const MAX_LENGTH = 254; // characters: no mail server takes a longer one (RFC 5321)

/** An e-mail address as accounts have it: in lower case. */
export const emailAddress = z
  .string()
  .trim()
  .pipe(z.email('This is not an e-mail address.').max(MAX_LENGTH, `At most ${MAX_LENGTH} characters.`))
  .transform((email) => email.toLowerCase());
