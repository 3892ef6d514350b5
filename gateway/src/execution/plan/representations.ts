import type { FetchDataRewrite, QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { merge } from './merge.ts';
import { isObject, type JsonObject, own, setOwn } from './objects.ts';
import { type Getter, getterOf } from './property.ts';
import { quote } from './quote.ts';
import { compileRewrites } from './rewrites.ts';
import { isOfType } from './type-conditions.ts';

const NULL = 'null';

/** Tells a subgraph which entity is meant, and what it needs to know of it. */
export interface Representation {
  /**
   * Tells entities of one type apart, compared as a Map does; undefined for one that the subgraph has nothing to add to,
   * or of which something is missing.
   */
  keyOf(entity: JsonObject): unknown;
  /** The representation of an entity with a key, as JSON text. */
  write(entity: JsonObject, key: unknown): string;
}

/** What reads a part of an object, and fails as a whole where something is missing. */
interface FieldReader {
  /** What stands before the value: a brace or a comma, the name, a colon. */
  prefix: string;
  get: Getter;
  parts: FieldReader[] | null;
}

/**
 * Makes what writes the representations of a fetch, for each type of entities; null for types that it is not for.
 *
 * Which selections apply depends on the type of the entity alone, so that they are picked once for each type.
 *
 * @param schema - the supergraph's, with what clients do not see
 * @param requires - the selections on the entity that the subgraph needs
 * @param rewrites - what to change in the representation before it is sent
 */
export function compileRepresentations(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[] | undefined,
): (typename: unknown) => Representation | null {
  const byType = new Map<unknown, Representation | null>();
  return (typename) => {
    let representation = byType.get(typename);
    if (representation === undefined) {
      representation = compileForType(schema, requires, rewrites, typename);
      byType.set(typename, representation);
    }
    return representation;
  };
}

function compileForType(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[] | undefined,
  typename: unknown,
): Representation | null {
  const applying = requires.filter(
    (selection) =>
      selection.kind === 'InlineFragment' &&
      (selection.typeCondition === undefined || isOfType(schema, typename, selection.typeCondition)),
  );
  const [first] = applying;
  if (!first || !typename) return null;
  const fields = applying.length === 1 && !rewrites?.length ? readersOf(first.selections ?? []) : null;
  if (fields) return fieldRepresentation(first.selections ?? [], fields);
  const rewrite = compileRewrites(schema, rewrites);
  const write = (entity: JsonObject) => {
    const representation = read(schema, entity, applying);
    if (!isObject(representation) || !representation.__typename) return undefined;
    rewrite?.(representation);
    return JSON.stringify(representation);
  };
  return { keyOf: write, write: asKey };
}

/** The key is the representation itself. */
const asKey = (_: JsonObject, key: unknown): string => String(key);

/** Where one value tells all, as the id of an entity often does, it is the key, and nothing is written in vain. */
function fieldRepresentation(
  selections: readonly QueryPlanSelectionNode[],
  fields: readonly FieldReader[],
): Representation {
  const write = (entity: JsonObject) => writeFields(fields, entity);
  const keys = selections.filter(
    (selection) => selection.kind === 'Field' && selection.name !== '__typename',
  );
  const [key] = keys;
  const isOne = keys.length === 1 && key?.kind === 'Field' && !key.selections;
  const get = isOne ? getterOf(fetchedName(key)) : null;
  // What is no text or number is compared with nothing, so that it cannot be taken for one.
  const keyOfOne = (value: unknown) => (typeof value === 'object' ? Symbol('key') : value);
  return get
    ? { keyOf: (entity) => keyOfOne(get(entity)), write: (entity) => write(entity) ?? NULL }
    : { keyOf: write, write: asKey };
}

/** Readers for selections of fields alone; null when there are fragments, which depend on what they are read from. */
function readersOf(selections: readonly QueryPlanSelectionNode[]): FieldReader[] | null {
  const readers: FieldReader[] = [];
  for (const selection of selections) {
    if (selection.kind !== 'Field') return null;
    const parts = selection.selections ? readersOf(selection.selections) : null;
    if (selection.selections && !parts) return null;
    const prefix = `${readers.length === 0 ? '{' : ','}${JSON.stringify(selection.name)}:`;
    readers.push({ prefix, get: getterOf(fetchedName(selection)), parts });
  }
  return readers;
}

function writeFields(readers: readonly FieldReader[], object: JsonObject): string | undefined {
  let text = '';
  for (const { prefix, get, parts } of readers) {
    const value = get(object);
    if (value === undefined) return undefined;
    text += prefix + (parts ? writeParts(parts, value) : writeLeaf(value));
  }
  return `${text}}`;
}

const writeLeaf = (value: unknown): string =>
  typeof value === 'string' ? quote(value) : JSON.stringify(value);

function writeParts(parts: readonly FieldReader[], value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => writeParts(parts, item)).join(',')}]`;
  return (isObject(value) ? writeFields(parts, value) : undefined) ?? NULL;
}

/** Reads selections with fragments. A part of which something is missing is null; a fragment then adds nothing. */
function read(
  schema: GraphQLSchema,
  value: unknown,
  selections: readonly QueryPlanSelectionNode[],
): JsonObject | unknown[] | null {
  if (Array.isArray(value)) return value.map((item) => read(schema, item, selections));
  if (!isObject(value)) return null;
  const result: JsonObject = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const part = own(value, fetchedName(selection));
      if (part === undefined) return null;
      setOwn(result, selection.name, selection.selections ? read(schema, part, selection.selections) : part);
    } else if (
      selection.typeCondition === undefined ||
      isOfType(schema, value.__typename, selection.typeCondition)
    ) {
      const part = read(schema, value, selection.selections);
      if (isObject(part)) merge(result, part);
    }
  }
  return result;
}

/** A field is sent under its own name, whatever name it was fetched under. */
const fetchedName = ({ alias, name }: QueryPlanFieldNode): string => alias ?? name;
