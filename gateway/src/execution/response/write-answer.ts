import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { Denial } from '../../authorization/denial.ts';
import { isObject, type JsonObject } from '../plan/objects.ts';
import { type Getter, getterOf } from '../plan/property.ts';
import type { FetchedNames } from '../planning/response-names.ts';
import { fieldTypeOf } from '../static-types.ts';
import { leafWriter } from './leaf.ts';
import { collectFields, type Selections } from './selections.ts';
import type { Writing } from './writing.ts';

/** What became of a value: `MISSING` is one that has to be there and is not, so that what holds it becomes null. */
const WRITTEN = 0;
const NULL = 1;
const MISSING = 2;

type Outcome = typeof WRITTEN | typeof NULL | typeof MISSING;

/**
 * Writes a part of the answer as JSON. Nothing is written of a value that is missing.
 *
 * @param where - what messages call the place
 */
type Write = (value: unknown, writing: Writing, where: string) => Outcome;

/** Writes a field of an object. */
interface FieldWriter {
  name: string;
  /** What stands before the value: a brace or a comma, the name, a colon. */
  prefix: Uint8Array;
  where: string;
  get: Getter;
  write: Write;
}

/** What is selected in a field, or in an operation. */
interface Selected {
  open: readonly SelectionSetNode[];
  /** What is asked for only where it is denied: its names are there, and null. */
  closed: readonly SelectionSetNode[];
}

/** Writes objects of one type. */
interface ObjectWriter {
  fields: readonly FieldWriter[];
  /** What of them comes later; null for nothing. */
  later: readonly LaterPart[] | null;
}

/** A part of an object that is written after the rest. */
export interface LaterPart {
  /** The number of its `@defer`. */
  part: string;
  writer: ObjectWriter;
}

/**
 * Compiles the way from what was fetched to the answer as JSON: the fields asked for and no others, under their names
 * and in their order, and null where a value is missing or wrong, as far up as types demand (GraphQL specification,
 * section 6.4.4). It goes over the data once.
 *
 * @param denial - what is null, even if something is there; null when it is nothing
 * @returns what writes the answer's data
 */
export function compileAnswer(
  selections: Selections,
  names: FetchedNames,
  root: GraphQLNamedType,
  selectionSet: SelectionSetNode,
  denial: Denial | null,
): (data: JsonObject, writing: Writing) => Buffer {
  const compiler = new AnswerCompiler(selections, names, denial);
  const writer = compiler.objectsOf(root, { open: [selectionSet], closed: [] });
  return (data, writing) => textOf(writer, data, writing);
}

/** Writes a part of an object that comes later. @returns JSON; null when a value is missing that has to be there */
export const writeLater = ({ writer }: LaterPart, object: JsonObject, writing: Writing): Buffer =>
  textOf(writer, object, writing);

function textOf(writer: ObjectWriter, object: JsonObject, writing: Writing): Buffer {
  writeObject(writer, object, writing);
  return writing.text.toBuffer();
}

class AnswerCompiler {
  readonly #selections: Selections;
  readonly #names: FetchedNames;
  readonly #denial: Denial | null;

  constructor(selections: Selections, names: FetchedNames, denial: Denial | null) {
    this.#selections = selections;
    this.#names = names;
    this.#denial = denial;
  }

  /** What writes objects of a type. */
  objectsOf(type: GraphQLNamedType, { open, closed }: Selected): ObjectWriter {
    const { now, later } = collectFields(this.#selections, type, open);
    const denied = closed.length > 0 ? collectFields(this.#selections, type, closed).now : NO_FIELDS;
    const names = new Set([...now.keys(), ...denied.keys()]);
    const fields = [...names].map((name, index) => {
      const nodes = now.get(name) ?? [];
      return {
        name,
        prefix: Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
        where: `field ${type.name}.${name}`,
        // All nodes of one name are one field, with the same arguments.
        get: getterOf(nodes[0] ? this.#names.of(nodes[0]) : name),
        write: this.#field(type, nodes, denied.get(name) ?? []),
      };
    });
    const parts = later.map((fragment) => ({
      part: fragment.part,
      writer: this.objectsOf(fragment.type, { open: [fragment.selectionSet], closed: [] }),
    }));
    return { fields, later: parts.length > 0 ? parts : null };
  }

  /** @param closed - nodes of the same field that stand in what is denied */
  #field(parent: GraphQLNamedType, nodes: readonly FieldNode[], closed: readonly FieldNode[]): Write {
    const denial = this.#denial;
    const open = denial ? nodes.filter((one) => !denial.denied.has(one)) : nodes;
    const [node] = [...nodes, ...closed];
    if (!node) throw new Error('a field has no node');
    const name = node.name.value;
    if (open.every((one) => denial?.emptied.has(one))) return deniedField(parent, name);
    if (name === '__typename') return this.#typename(parent);
    if (name === '__schema' || name === '__type') {
      return (_, { text, introspect }) => {
        text.json(JSON.stringify(introspect(node) ?? null));
        return WRITTEN;
      };
    }
    const shut = [...nodes.filter((one) => !open.includes(one)), ...closed];
    return this.#value(fieldType(parent, name), {
      open: open.flatMap(({ selectionSet }) => selectionSet ?? []),
      closed: shut.flatMap(({ selectionSet }) => selectionSet ?? []),
    });
  }

  /**
   * What was fetched under the field's own name counts before the type of the object: a subgraph that knows the object
   * by an interface (`@interfaceObject`) may have said last what it is.
   */
  #typename(parent: GraphQLNamedType): Write {
    const own = nameOf(parent);
    return (value, { text }) => {
      const isOwn = typeof value !== 'string' || value === parent.name;
      const name = isOwn ? own : nameOf(this.#selections.schema.getType(value) ?? parent);
      if (!name) return MISSING;
      text.bytes(name);
      return WRITTEN;
    };
  }

  #value(type: GraphQLOutputType, selected: Selected): Write {
    if (isNonNullType(type)) return required(this.#value(type.ofType, selected));
    if (isListType(type)) return list(type.ofType, this.#value(type.ofType, selected));
    if (isCompositeType(type)) return this.#object(type, selected);
    const writeLeaf = leafWriter(type);
    return (value, writing, where) => {
      if (value === undefined || value === null) return writeNull(writing);
      return writeLeaf(value, writing.text) ? WRITTEN : invalid(writing, where);
    };
  }

  /** Fields are picked by the type that an object says it is of; it says nothing where it can be of one only. */
  #object(declared: GraphQLNamedType, selected: Selected): Write {
    const byType = new Map<unknown, ObjectWriter | null>();
    const writerFor = (typename: unknown) => {
      const type = typename === undefined ? declared : this.#selections.schema.getType(String(typename));
      return type && isCompositeType(type) ? this.objectsOf(type, selected) : null;
    };
    return (value, writing, where) => {
      if (value === undefined || value === null) return writeNull(writing);
      if (!isObject(value)) return invalid(writing, where);
      const typename = value.__typename ?? undefined;
      let writer = byType.get(typename);
      if (writer === undefined) {
        writer = writerFor(typename);
        byType.set(typename, writer);
      }
      if (writer) return writeObject(writer, value, writing);
      writing.add(`Invalid __typename found for object at ${where}.`);
      return writeNull(writing);
    };
  }
}

const NO_FIELDS: ReadonlyMap<string, readonly FieldNode[]> = new Map();

function fieldType(parent: GraphQLNamedType, name: string): GraphQLOutputType {
  const type = fieldTypeOf(parent, name);
  if (!type) throw new Error(`${parent.name} has no field ${name}`);
  return type;
}

/** Why it is null is told elsewhere. */
const deniedField = (parent: GraphQLNamedType, name: string): Write =>
  name === '__typename' || isNonNullType(fieldType(parent, name))
    ? () => MISSING
    : (_, writing) => writeNull(writing);

const nameOf = (type: GraphQLNamedType): Uint8Array | null =>
  isObjectType(type) ? Buffer.from(JSON.stringify(type.name)) : null;

const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const COMMA = 0x2c;

function writeObject({ fields, later }: ObjectWriter, object: JsonObject, writing: Writing): Outcome {
  const { text } = writing;
  const start = text.length;
  const found = writing.count;
  if (later) for (const part of later) writing.leave(part, object);
  if (fields.length === 0) text.byte(OPENING_BRACE);
  for (const { name, prefix, where, get, write } of fields) {
    const before = writing.count;
    text.bytes(prefix);
    const outcome = write(get(object), writing, where);
    if (writing.count > before) writing.under(name, before);
    if (outcome !== MISSING) continue;
    writing.takeBack(start, found);
    return writeNull(writing);
  }
  text.byte(CLOSING_BRACE);
  return WRITTEN;
}

function writeNull({ text }: Writing): typeof NULL {
  text.null();
  return NULL;
}

function invalid(writing: Writing, where: string): typeof NULL {
  writing.add(`Invalid value found for ${where}.`);
  return writeNull(writing);
}

/** What is null for a reason that is an error already is no second error. */
const required =
  (write: Write): Write =>
  (value, writing, where) => {
    const start = writing.text.length;
    const before = writing.count;
    const outcome = write(value, writing, where);
    if (outcome !== NULL) return outcome;
    writing.text.truncate(start);
    if (writing.count === before) writing.add(`Cannot return null for non-nullable ${where}.`);
    return MISSING;
  };

function list(itemType: GraphQLOutputType, write: Write): Write {
  const element = `array element of type ${isNonNullType(itemType) ? itemType.ofType : itemType}`;
  return (value, writing, where) => {
    if (value === undefined || value === null) return writeNull(writing);
    if (!Array.isArray(value)) return invalid(writing, where);
    if (writing.repeat(write, value)) return WRITTEN;
    const { text } = writing;
    const start = text.length;
    const found = writing.count;
    let isMissing = false;
    text.byte(OPENING_BRACKET);
    for (let index = 0; index < value.length; index++) {
      if (index > 0) text.byte(COMMA);
      const before = writing.count;
      const outcome = write(value[index], writing, element);
      if (writing.count > before) writing.under(index, before);
      if (outcome === MISSING) isMissing = true;
    }
    if (isMissing) {
      writing.takeBack(start, found);
      return writeNull(writing);
    }
    text.byte(CLOSING_BRACKET);
    if (writing.count === found) writing.remember(write, value, start);
    return WRITTEN;
  };
}
