import { z } from 'zod';
import { Refusal } from './refusal.ts';
import { type UserError, validationError } from './user-error.ts';

/**
 * Checks a mutation's input.
 *
 * @param schema - messages are shown to users: say what to change
 * @param input - the mutation's `input` argument; null and left out are the same to a schema, as `nullish()` says
 * @throws Refusal with a `ValidationError` for each field that is wrong
 */
export function checkInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [first, ...others] = result.error.issues.map(
    ({ path, message }): UserError => validationError(path.length > 0 ? path.map(String) : null, message),
  );
  if (!first) throw new Error('a schema refused an input without a reason');
  throw new Refusal(first, ...others);
}

/** Bounds of a text's length in characters, however many UTF-16 units they take. */
export interface TextBounds {
  /** @default 1 */
  min?: number;
  max: number;
}

/**
 * A text as people type it: blanks around it are dropped, and it is composed (Unicode Normalization Form C), so
 * that the same text is the same characters from every keyboard. Line breaks are the only control characters, and
 * there are no halves of characters (lone surrogates), which are none in UTF-8 and which PostgreSQL refuses in JSON.
 */
export const text = ({ min = 1, max }: TextBounds) =>
  z
    .string()
    .transform((value) => value.trim().normalize())
    .refine((value) => !CONTROL_CHARACTERS.test(value), 'Control characters cannot be used.')
    .refine((value) => !LONE_SURROGATES.test(value), 'There is half of a character in it.')
    .refine(
      (value) => lengthOf(value) >= min,
      min === 1 ? 'This must not be empty.' : `At least ${min} characters.`,
    )
    .refine((value) => lengthOf(value) <= max, `At most ${max} characters.`);

const CONTROL_CHARACTERS = /(?![\n\r\t])\p{Cc}/u;
const LONE_SURROGATES = /\p{Cs}/u;

/** In characters. */
export const lengthOf = (value: string): number => [...value].length;
