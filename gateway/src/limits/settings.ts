import { z } from 'zod';
import { size } from '../transport/settings/units.ts';

const OFF = 'off' as const;

/** YAML 1.1 reads `off` as false. */
const off = z.literal([OFF, false]).transform(() => Number.POSITIVE_INFINITY);

const MOST = 1_000_000;

const count = (most = MOST) => {
  const error = `must be a whole number from 1 to ${most.toLocaleString('en')}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
};

const countOrOff = () =>
  z.union([count(), off], {
    error: `must be a whole number from 1 to ${MOST.toLocaleString('en')}, or \`off\``,
  });

/**
 * What a request may ask for at most, as the configuration file has it under `limits`; every key may be left out. Those
 * without `off` keep requests from blocking the gateway, or from using up its stack.
 */
export const limitSettings = z.strictObject({
  body: size().optional(),
  tokens: count().optional(),
  depth: count(200).optional(),
  fields: count(100_000).optional(),
  root_fields: countOrOff().optional(),
  aliases: countOrOff().optional(),
  duplicates: count(1_000).optional(),
  directives: countOrOff().optional(),
  directives_per_place: countOrOff().optional(),
  definitions: count(1_000).optional(),
  list_items: countOrOff().optional(),
  input_depth: count(200).optional(),
  input_values: countOrOff().optional(),
});

export type GivenLimits = z.infer<typeof limitSettings>;

/** What a request may ask for at most; `Infinity` where there is no limit. */
export interface Limits {
  /** Bytes of a request's body. */
  body: number;
  /** Lexical tokens of a document. */
  tokens: number;
  /** Fields one inside the other, fragments spread out. */
  depth: number;
  /** Fields of an operation, fragments spread out. */
  fields: number;
  /** Fields at the root of an operation, fragments spread out. */
  root_fields: number;
  /** Fields of an operation with an alias, fragments spread out. */
  aliases: number;
  /** Fields of a document that have the name of another one beside them in the answer. */
  duplicates: number;
  /** Directives of an operation, fragments spread out. */
  directives: number;
  /** Directives of one field, fragment or definition. */
  directives_per_place: number;
  /** Operations and fragments of a document. */
  definitions: number;
  /** Items of a list in an argument or a variable. */
  list_items: number;
  /** Lists and objects one inside the other, in an argument or a variable. */
  input_depth: number;
  /** Values in all variables of a request, with those in lists and objects. */
  input_values: number;
}

/** The name of a limit, as the configuration file has it. */
export type LimitName = keyof Limits;

const DEFAULTS: Limits = {
  body: 100_000, // bytes
  tokens: 1_000,
  depth: 30,
  fields: 500,
  root_fields: 20,
  aliases: 50,
  duplicates: 50,
  directives: 50,
  directives_per_place: 5,
  definitions: 50,
  list_items: 1_000,
  input_depth: 20,
  input_values: 5_000,
};

/** Fills in what the file leaves out, or all of it where there is no file. */
export function completeLimits(given: GivenLimits = {}): Limits {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(said) };
}
