import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { isObject, type JsonObject } from '../plan/objects.ts';
import { type Getter, getterOf } from '../plan/property.ts';
import { leafWriter } from './leaf.ts';
import { collectFields, type Selections } from './selections.ts';
import type { Writing } from './writing.ts';

const NULL = 'null';

/**
 * Writes a part of the answer as JSON.
 *
 * @param where - what messages call the place
 * @returns undefined for a value that has to be there and is not: what holds it becomes null
 */
type Write = (value: unknown, writing: Writing, where: string) => string | undefined;

/** Writes a field of an object. */
interface FieldWriter {
  name: string;
  /** What stands before the value: a brace or a comma, the name, a colon. */
  prefix: string;
  where: string;
  get: Getter;
  write: Write;
}

/**
 * Compiles the way from what was fetched to the answer as JSON: the fields asked for and no others, under their names
 * and in their order, and null where a value is missing or wrong, as far up as types demand (GraphQL specification,
 * section 6.4.4). It goes over the data once.
 *
 * @returns what writes the answer's data
 */
export function compileAnswer(
  selections: Selections,
  root: GraphQLNamedType,
  selectionSet: SelectionSetNode,
): (data: JsonObject, writing: Writing) => string {
  const fields = new AnswerCompiler(selections).fieldsOf(root, [selectionSet]);
  return (data, writing) => writeFields(fields, data, writing);
}

class AnswerCompiler {
  readonly #selections: Selections;

  constructor(selections: Selections) {
    this.#selections = selections;
  }

  /** The fields of objects of a type. */
  fieldsOf(type: GraphQLNamedType, selectionSets: readonly SelectionSetNode[]): FieldWriter[] {
    return [...collectFields(this.#selections, type, selectionSets)].map(([name, nodes], index) => ({
      name,
      prefix: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
      where: `field ${type.name}.${name}`,
      get: getterOf(name),
      write: this.#field(type, nodes),
    }));
  }

  #field(parent: GraphQLNamedType, nodes: readonly FieldNode[]): Write {
    const [node] = nodes;
    if (!node) throw new Error('a field has no node');
    const name = node.name.value;
    if (name === '__typename') return this.#typename(parent);
    if (name === '__schema' || name === '__type') {
      return (_, writing) => JSON.stringify(writing.introspect(node) ?? null);
    }
    const type = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name]?.type : undefined;
    if (!type) throw new Error(`${parent.name} has no field ${name}`);
    return this.#value(
      type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    );
  }

  /**
   * What was fetched under the field's own name counts before the type of the object: a subgraph that knows the object
   * by an interface (`@interfaceObject`) may have said last what it is.
   */
  #typename(parent: GraphQLNamedType): Write {
    const text = isObjectType(parent) ? JSON.stringify(parent.name) : undefined;
    return (value) => {
      if (typeof value !== 'string' || value === parent.name) return text;
      const type = this.#selections.schema.getType(value) ?? parent;
      return isObjectType(type) ? JSON.stringify(type.name) : undefined;
    };
  }

  #value(type: GraphQLOutputType, selectionSets: readonly SelectionSetNode[]): Write {
    if (isNonNullType(type)) return required(this.#value(type.ofType, selectionSets));
    if (isListType(type)) return list(type.ofType, this.#value(type.ofType, selectionSets));
    if (isCompositeType(type)) return this.#object(type, selectionSets);
    const writeLeaf = leafWriter(type);
    return (value, writing, where) => {
      if (value === undefined || value === null) return NULL;
      return writeLeaf(value) ?? invalid(writing, where);
    };
  }

  /** Fields are picked by the type that an object says it is of; it says nothing where it can be of one only. */
  #object(declared: GraphQLNamedType, selectionSets: readonly SelectionSetNode[]): Write {
    const byType = new Map<unknown, FieldWriter[] | null>();
    const fieldsFor = (typename: unknown) => {
      const type = typename === undefined ? declared : this.#selections.schema.getType(String(typename));
      return type && isCompositeType(type) ? this.fieldsOf(type, selectionSets) : null;
    };
    return (value, writing, where) => {
      if (value === undefined || value === null) return NULL;
      if (!isObject(value)) return invalid(writing, where);
      const typename = value.__typename ?? undefined;
      let fields = byType.get(typename);
      if (fields === undefined) {
        fields = fieldsFor(typename);
        byType.set(typename, fields);
      }
      if (fields) return writeFields(fields, value, writing);
      writing.add(`Invalid __typename found for object at ${where}.`);
      return NULL;
    };
  }
}

function writeFields(fields: readonly FieldWriter[], object: JsonObject, writing: Writing): string {
  if (fields.length === 0) return '{}';
  let text = '';
  for (const { name, prefix, where, get, write } of fields) {
    const before = writing.count;
    const value = write(get(object), writing, where);
    if (writing.count > before) writing.under(name, before);
    if (value === undefined) return NULL;
    text += prefix + value;
  }
  return `${text}}`;
}

function invalid(writing: Writing, where: string): string {
  writing.add(`Invalid value found for ${where}.`);
  return NULL;
}

/** What is null for a reason that is an error already is no second error. */
const required =
  (write: Write): Write =>
  (value, writing, where) => {
    const before = writing.count;
    const text = write(value, writing, where);
    if (text !== NULL) return text;
    if (writing.count === before) writing.add(`Cannot return null for non-nullable ${where}.`);
    return undefined;
  };

function list(itemType: GraphQLOutputType, write: Write): Write {
  const element = `array element of type ${isNonNullType(itemType) ? itemType.ofType : itemType}`;
  return (value, writing, where) => {
    if (value === undefined || value === null) return NULL;
    if (!Array.isArray(value)) return invalid(writing, where);
    const known = writing.known(write, value);
    if (known !== undefined) return known;
    const found = writing.count;
    let text = '[';
    let isMissing = false;
    for (let index = 0; index < value.length; index++) {
      const before = writing.count;
      const item = write(value[index], writing, element);
      if (writing.count > before) writing.under(index, before);
      if (item === undefined) isMissing = true;
      text += index === 0 ? item : `,${item}`;
    }
    text = isMissing ? NULL : `${text}]`;
    if (writing.count === found) writing.remember(write, value, text);
    return text;
  };
}
