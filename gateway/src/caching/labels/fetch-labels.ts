import { createHash } from 'node:crypto';
import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  Kind,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { isObject, type JsonObject, own } from '../../execution/plan/objects.ts';
import {
  fragmentOf,
  parseFetch,
  printFetch,
  responseNameOf,
  type SubgraphDocument,
} from '../../execution/plan/subgraph-document.ts';
import { ENTITIES, type SubgraphOperation } from '../../execution/plan/subgraph-operation.ts';
import { bodyStart } from '../../transport/subgraph-request.ts';
import type { SubgraphTags } from './cache-tags.ts';
import type { KeyedSchema } from './keyed-types.ts';
import { compileLabelReader, entityReader, type LabelContext } from './label-reader.ts';
import { withKeys } from './with-keys.ts';

type Variables = Readonly<Record<string, unknown>>;

/** A part of the answer to a fetch that caches keep on its own. */
export interface RootPart {
  /** Tells it apart from what others of its subgraph ask for, but for variables. */
  id: string;
  /** Its name in the answer; null for the whole answer. */
  name: string | null;
  /** The variables that it uses. */
  variables: readonly string[];
  /** Adds what the part depends on. @param value - as the subgraph sent it */
  read(value: unknown, variables: Variables, labels: Set<string>): void;
}

/** What caches need to know of a fetch. */
export interface FetchLabels {
  /** The text that is sent: with the keys of all entities. */
  query: string;
  /** The names of the types of what is fetched. */
  types: ReadonlySet<string>;
  /** How an entity that was fetched is kept; null for a fetch of root fields. */
  entity: {
    id: string;
    /** Adds what an entity depends on. @param representation - JSON text, as it was sent */
    read(representation: string, entity: unknown, labels: Set<string>): void;
  } | null;
  /** The parts of a fetch of root fields. */
  parts: readonly RootPart[];
  /** The same fetch for some of its parts only. */
  only(operation: SubgraphOperation, parts: readonly RootPart[]): SubgraphOperation;
  /** What the last answer said of itself: the next one is looked for accordingly. */
  last: LastAnswer;
}

/** What an answer said of itself. */
export interface LastAnswer {
  isKept: boolean;
  /** For whom; absent before the first. */
  scope?: 'PUBLIC' | 'PRIVATE';
}

/** Finds out what caches need to know of a fetch from a subgraph. @param query - its text */
export function labelFetch(query: string, keyed: KeyedSchema, tags: SubgraphTags): FetchLabels {
  const document = withKeys(parseFetch(query), keyed);
  const { operation, fragments } = document;
  const { selections } = operation.selectionSet;
  const text = printFetch(document, selections).query;
  const context: LabelContext = { keyed, fragments, tagsOf: (type) => tags.ofType(type) };
  const [first] = selections;
  const isEntities = first?.kind === Kind.FIELD && first.name.value === ENTITIES;
  const parts = isEntities ? [] : rootParts(document, context, tags);
  const { query: nameless } = printFetch(withoutName(document), selections);
  return {
    query: text,
    types: typesIn(document, keyed),
    entity: isEntities ? { id: idOf(nameless), read: readerOfEntities(first, context) } : null,
    parts,
    only: remembering(document, parts),
    last: { isKept: true },
  };
}

/** Fields without conditions are kept each on its own; where there is anything else, the answer as a whole. */
function rootParts(document: SubgraphDocument, context: LabelContext, tags: SubgraphTags): RootPart[] {
  const { selectionSet } = document.operation;
  const fields = fieldsOf(selectionSet.selections, document);
  const isDivisible =
    selectionSet.selections.every(({ kind }) => kind === Kind.FIELD) &&
    fields.every(({ directives = [] }) => directives.length === 0) &&
    new Set(fields.map(responseNameOf)).size === fields.length;
  const partOf = (selections: readonly SelectionNode[], name: string | null): RootPart => {
    const { query, variables } = printFetch(withoutName(document), selections);
    const type = context.keyed.schema.getQueryType() ?? undefined;
    const read = compileLabelReader([{ selectionSet: { ...selectionSet, selections }, type }], context);
    const tagged = fieldsOf(selections, document).map((field) => tagReader(field, context, tags));
    return {
      id: idOf(query),
      name,
      variables,
      read(value, given, labels) {
        read?.(name === null ? value : { [name]: value }, labels);
        for (const readTags of tagged) readTags(given, labels);
      },
    };
  };
  if (!isDivisible) return [partOf(selectionSet.selections, null)];
  return fields.map((field) => partOf([field], responseNameOf(field)));
}

/** The root fields, also those in fragments. */
const fieldsOf = (
  selections: readonly SelectionNode[],
  { fragments }: Pick<SubgraphDocument, 'fragments'>,
): readonly FieldNode[] =>
  selections.flatMap((selection) =>
    selection.kind === Kind.FIELD
      ? selection
      : fieldsOf(fragmentOf(selection, fragments).selectionSet.selections, { fragments }),
  );

function tagReader(
  field: FieldNode,
  { keyed }: LabelContext,
  tags: SubgraphTags,
): (variables: Variables, labels: Set<string>) => void {
  const formats = tags.ofRootField(field.name.value);
  const definition = keyed.schema.getQueryType()?.getFields()[field.name.value];
  if (formats.length === 0 || !definition) return () => undefined;
  return (variables, labels) => {
    const args = getArgumentValues(definition, field, variables);
    for (const format of formats) {
      const label = format.label((path) => valueAt(args, path));
      if (label !== undefined) labels.add(label);
    }
  };
}

/** An entity depends on itself, also when it is not there. */
function readerOfEntities(field: FieldNode, context: LabelContext) {
  const { keyed } = context;
  const read =
    field.selectionSet &&
    compileLabelReader(
      [{ selectionSet: field.selectionSet, type: keyed.schema.getType('_Entity') }],
      context,
    );
  const place = keyed.schema.getType('_Entity');
  const readersOf = remembered((type: string) => ({
    represented: entityReader(context, type, undefined),
    fetched: entityReader(context, type, place),
  }));
  return (representation: string, entity: unknown, labels: Set<string>): void => {
    const given = JSON.parse(representation) as JsonObject;
    const { represented, fetched } = readersOf(String(given.__typename));
    for (const readOwn of represented) readOwn(given, labels);
    if (isObject(entity)) for (const readOwn of fetched) readOwn(entity, labels);
    read?.(entity, labels);
  };
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}

function typesIn({ operation, fragments }: SubgraphDocument, { schema }: KeyedSchema): Set<string> {
  const types = new Set<string>();
  const info = new TypeInfo(schema);
  const note = visitWithTypeInfo(info, {
    Field: () => void types.add(getNamedType(info.getType())?.name ?? ''),
    NamedType: ({ name }) => void types.add(name.value),
  });
  for (const definition of [operation, ...fragments.values()]) visit(definition, note);
  return types;
}

/** Makes fetches for some of the parts, each combination once. */
function remembering(document: SubgraphDocument, all: readonly RootPart[]): FetchLabels['only'] {
  const known = new Map<string, SubgraphOperation>();
  return (operation, parts) => {
    if (parts.length === all.length) return operation;
    const id = `${operation.id}:${parts.map((part) => all.indexOf(part)).join(',')}`;
    let partial = known.get(id);
    if (!partial) {
      const names = new Set(parts.map(({ name }) => name));
      const { query, variables } = printFetch(
        document,
        document.operation.selectionSet.selections.filter(
          (selection: SelectionNode) => selection.kind === Kind.FIELD && names.has(responseNameOf(selection)),
        ),
      );
      const start = bodyStart(query, operation.operationName);
      partial = { ...operation, id, query, bodyStart: start, variables };
      known.set(id, partial);
    }
    return partial;
  };
}

/** Operations that ask for the same have names by which clients call what they are a part of. */
const withoutName = ({ operation, fragments }: SubgraphDocument): SubgraphDocument => {
  const { name: _, ...nameless } = operation;
  return { operation: nameless, fragments };
};

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((found, name) => (isObject(found) ? own(found, name) : undefined), value);

/** Long enough that nobody finds two texts with one id. */
const idOf = (query: string): string => createHash('sha256').update(query).digest('base64url');
