import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';

/** Writes a value of a leaf type as JSON; undefined for one that may not stand in an answer. */
export type WriteLeaf = (value: unknown) => string | undefined;

/**
 * Makes what writes a leaf of an answer. A subgraph serialised it, so that it is not coerced again; values of custom
 * scalars are believed, and an enum has only the values that clients see.
 */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  if (isEnumType(type)) {
    const names = new Map<unknown, string>(type.getValues().map(({ name }) => [name, `"${name}"`]));
    return (value) => names.get(value);
  }
  return (isSpecifiedScalarType(type) && SPECIFIED[type.name]) || ((value) => JSON.stringify(value));
}

const writeInteger: WriteLeaf = (value) => (Number.isInteger(value) ? String(value) : undefined);

const writeString: WriteLeaf = (value) => (typeof value === 'string' ? quote(value) : undefined);

const SPECIFIED: Readonly<Record<string, WriteLeaf>> = {
  Boolean: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  Float: (value) => (Number.isFinite(value) ? String(value) : undefined),
  ID: (value) => writeString(value) ?? writeInteger(value),
  Int: writeInteger,
  String: writeString,
};

/** All but what can stand in a JSON string as it is: control characters, quotes, backslashes, and surrogates. */
const SPECIAL = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** Longest text that is looked through here; above, the engine's own way is faster. */
const SHORT = 64; // characters

/** A text as JSON. */
export const quote = (text: string): string =>
  text.length < SHORT && !SPECIAL.test(text) ? `"${text}"` : JSON.stringify(text);
