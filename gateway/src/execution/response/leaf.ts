import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';
import type { JsonText } from './json-text.ts';

/** Writes a value of a leaf type. @returns false for one that may not stand in an answer; nothing is written then */
export type WriteLeaf = (value: unknown, text: JsonText) => boolean;

/**
 * Makes what writes a leaf of an answer. A subgraph serialised it, so that it is not coerced again; values of custom
 * scalars are believed, and an enum has only the values that clients see.
 */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  if (isEnumType(type)) {
    const names = new Map<unknown, Buffer>(
      type.getValues().map(({ name }) => [name, Buffer.from(`"${name}"`)]),
    );
    return (value, text) => {
      const name = names.get(value);
      if (name) text.bytes(name);
      return name !== undefined;
    };
  }
  return (isSpecifiedScalarType(type) && SPECIFIED[type.name]) || writeAny;
}

const writeAny: WriteLeaf = (value, text) => {
  text.json(JSON.stringify(value));
  return true;
};

/** @returns whether the value is fit, and so was written */
const writeIf = (isFit: boolean, value: unknown, text: JsonText): boolean => {
  if (isFit) text.ascii(String(value));
  return isFit;
};

const writeInteger: WriteLeaf = (value, text) => writeIf(Number.isInteger(value), value, text);

const writeString: WriteLeaf = (value, text) => {
  if (typeof value !== 'string') return false;
  text.string(value);
  return true;
};

const SPECIFIED: Readonly<Record<string, WriteLeaf>> = {
  Boolean: (value, text) => writeIf(typeof value === 'boolean', value, text),
  Float: (value, text) => writeIf(Number.isFinite(value), value, text),
  ID: (value, text) => writeString(value, text) || writeInteger(value, text),
  Int: writeInteger,
  String: writeString,
};
