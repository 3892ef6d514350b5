import { entityLabel } from '@tributary/platform';
import {
  type FieldNode,
  type GraphQLNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isObject, type JsonObject, own } from '../../execution/plan/objects.ts';
import { type Fragments, fragmentOf, responseNameOf } from '../../execution/plan/subgraph-document.ts';
import type { TagFormat } from './cache-tags.ts';
import type { KeyedSchema } from './keyed-types.ts';
import { keyNameAt, possibleTypes, typeOfField } from './with-keys.ts';

/** Reads from data what they depend on: the labels of all entities in them. */
export type LabelReader = (data: unknown, labels: Set<string>) => void;

/** What labels are read with. */
export interface LabelContext {
  keyed: KeyedSchema;
  fragments: Fragments;
  /** The tags of a type's entities (`@cacheTag`). */
  tagsOf(type: string): readonly TagFormat[];
}

/** Selections on objects of a type. */
export interface TypedSelections {
  selectionSet: SelectionSetNode;
  type: GraphQLNamedType | undefined;
}

/** Reads labels of an object that is an entity, if it is one of the type. */
type EntityReader = (entity: JsonObject, labels: Set<string>) => void;

/**
 * Makes what reads the labels of values from their selections, once for all the answers to a fetch.
 *
 * @returns null when there can be no entities
 */
export function compileLabelReader(
  parts: readonly TypedSelections[],
  context: LabelContext,
): LabelReader | null {
  const entities = entityReaders(parts, context);
  const fields = [...fieldsIn(parts, context)].flatMap(([name, below]) => {
    const read = compileLabelReader(below, context);
    return read ? [{ name, read }] : [];
  });
  if (entities.byType.size + entities.always.length + fields.length === 0) return null;
  const read: LabelReader = (value, labels) => {
    if (Array.isArray(value)) {
      for (const item of value) read(item, labels);
      return;
    }
    if (!isObject(value)) return;
    for (const readEntity of entities.always) readEntity(value, labels);
    for (const readEntity of entities.byType.get(value.__typename) ?? []) readEntity(value, labels);
    for (const { name, read: readField } of fields) readField(own(value, name), labels);
  };
  return read;
}

/** What reads the labels of entities: those of one type only, and others by their types. */
interface EntityReaders {
  always: EntityReader[];
  byType: ReadonlyMap<unknown, readonly EntityReader[]>;
}

function entityReaders(parts: readonly TypedSelections[], context: LabelContext): EntityReaders {
  const { schema } = context.keyed;
  const always: EntityReader[] = [];
  const byType = new Map<unknown, readonly EntityReader[]>();
  const places = new Set(parts.map(({ type }) => type));
  for (const place of places) {
    if (isObjectType(place)) always.push(...entityReader(context, place.name, place));
    // Of which type an entity is that was asked for, its representation says.
    if (!isAbstractType(place) || place.name === '_Entity') continue;
    for (const type of possibleTypes(schema, place.name)) {
      const readers = entityReader(context, type, place);
      if (readers.length > 0) byType.set(type, [...(byType.get(type) ?? []), ...readers]);
    }
  }
  return { always, byType };
}

/**
 * What reads the labels of an entity of a type: one for each key, under each type that it is known as, and its tags.
 *
 * @param place - the type of what it is the value of, which decides how its keys are called there
 */
export function entityReader(
  { keyed, tagsOf }: Omit<LabelContext, 'fragments'>,
  type: string,
  place: GraphQLNamedType | undefined,
): EntityReader[] {
  const { schema, keysOf, labelledAs } = keyed;
  const nameOf = (field: string) => keyNameAt(schema, place, type, field);
  const types = labelledAs(type);
  const keys = keysOf(type).map((key): EntityReader => {
    const read = compileKey(key, nameOf);
    return (entity, labels) => {
      const value = read(entity);
      if (value !== undefined) for (const name of types) labels.add(entityLabel(name, value));
    };
  });
  const tags = keys.length > 0 ? tagsOf(type) : [];
  return [
    ...keys,
    ...tags.map((format): EntityReader => {
      return (entity, labels) => {
        const label = format.label(([first = '', ...rest]) =>
          rest.reduce<unknown>(
            (value, part) => (isObject(value) ? own(value, part) : undefined),
            own(entity, nameOf(first)),
          ),
        );
        if (label !== undefined) labels.add(label);
      };
    }),
  ];
}

/** Reads a key: the value of its only field, or an object of its fields; undefined where something is missing. */
function compileKey(
  { selections }: SelectionSetNode,
  nameOf: (field: string) => string,
): (entity: JsonObject) => unknown {
  const fields = selections.flatMap((selection) => (selection.kind === Kind.FIELD ? selection : []));
  const [only] = fields;
  if (fields.length === 1 && only && !only.selectionSet) {
    const name = nameOf(only.name.value);
    return (entity) => own(entity, name) ?? undefined;
  }
  return (entity) => pick(entity, fields, nameOf);
}

function pick(
  value: unknown,
  fields: readonly FieldNode[],
  nameOf: (field: string) => string = (field) => field,
): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const picked: JsonObject = {};
  for (const { name, selectionSet } of fields) {
    const part = own(value, nameOf(name.value));
    const below = selectionSet?.selections.flatMap((selection) =>
      selection.kind === Kind.FIELD ? selection : [],
    );
    const found = below ? pick(part, below) : part;
    if (found === undefined) return undefined;
    picked[name.value] = found;
  }
  return picked;
}

/** The fields with selections of their own, in whatever fragment, by the names in the answer. */
function fieldsIn(parts: readonly TypedSelections[], context: LabelContext): Map<string, TypedSelections[]> {
  const { keyed, fragments } = context;
  const fields = new Map<string, TypedSelections[]>();
  const collect = ({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): void => {
    for (const selection of selections) {
      if (selection.kind !== Kind.FIELD) {
        const { selectionSet, type } = fragmentOf(selection, fragments);
        collect(selectionSet, type === undefined ? parent : keyed.schema.getType(type));
      } else if (selection.selectionSet) {
        const name = responseNameOf(selection);
        const below = {
          selectionSet: selection.selectionSet,
          type: typeOfField(parent, selection.name.value),
        };
        fields.set(name, [...(fields.get(name) ?? []), below]);
      }
    }
  };
  for (const { selectionSet, type } of parts) collect(selectionSet, type);
  return fields;
}
