import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isLeafType, isObjectType } from 'graphql';

/** A step from one object to the next: a field, and the type of what it leads to. */
interface Step {
  field: string;
  /** With parentheses; empty for none. */
  args: string;
  type: GraphQLObjectType;
}

/** A way from the query's root to an object. */
export interface Way {
  type: GraphQLObjectType;
  steps: readonly Step[];
}

/** What is asked for. */
export interface Subject {
  /** Title of what is found out about it. */
  title: string;
  /** Global ids by type, of every type that has some: the objects that are meant, where others come the same way. */
  ids: ReadonlyMap<string, string>;
  /** Arguments of the fields of the root that need some, with parentheses. */
  arguments: Readonly<Record<string, string>>;
  /** Types that are looked at. @default all */
  types?: readonly string[];
  /** Types that are asked for without `node(id:)`. @default none */
  withoutNode?: readonly string[];
}

/**
 * Finds the ways to every type of object that can be read: through `node(id:)`, and through each field that has the
 * type. From an object with an id they go on from the first way only, as that is the same object however it was found.
 *
 * @returns by type
 */
export function findWays(schema: GraphQLSchema, subject: Subject): Map<string, Way[]> {
  const root = schema.getQueryType();
  if (!root) throw new Error('the schema has no queries');
  const start: Way = { type: root, steps: [] };
  const ways = new Map<string, Way[]>([[root.name, [start]]]);
  const queue = [start];
  const add = (way: Way) => {
    const known = ways.get(way.type.name) ?? [];
    ways.set(way.type.name, [...known, way]);
    if (known.length === 0 || !subject.ids.has(way.type.name)) queue.push(way);
  };
  for (const [name, id] of subject.ids) {
    const type = schema.getType(name);
    if (!isObjectType(type) || subject.withoutNode?.includes(name)) continue;
    if (type.getInterfaces().some((one) => one.name === 'Node'))
      add({ type, steps: [{ field: 'node', args: `(id: "${id}")`, type }] });
  }
  for (const { type, steps } of queue) {
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type);
      const args = steps.length === 0 ? (subject.arguments[field.name] ?? '') : '';
      if (isObjectType(target))
        add({ type: target, steps: [...steps, { field: field.name, args, type: target }] });
    }
  }
  return ways;
}

/** How a way is called in a message. */
export const nameOf = ({ steps }: Way): string => ['Query', ...steps.map(({ field }) => field)].join('.');

/** The query that asks for all fields of what is at the end of a way. */
export function toQuery({ type, steps }: Way, subject: Subject): string {
  const fields = Object.values(type.getFields()).map((field) => {
    const args = steps.length === 0 ? (subject.arguments[field.name] ?? '') : '';
    return `${field.name}${args}${isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'}`;
  });
  const selection = steps.reduceRight(
    (inner, { field, args, type: to }) =>
      `${field}${args} { ... on ${to.name} { ${identityOf(to, subject)} ${inner} } }`,
    fields.join(' '),
  );
  return `{ ${selection} }`;
}

/** What tells an object from others of its type. */
function identityOf(type: GraphQLObjectType, { ids }: Subject): string {
  if (ids.has(type.name)) return 'id';
  const node = type.getFields().node;
  return node && ids.has(getNamedType(node.type).name) ? 'node { id }' : '';
}

interface Identified {
  id?: string;
  node?: { id?: string } | null;
  [field: string]: unknown;
}

/** The object at the end of a way in an answer's data; null when it is not there. */
export function find({ steps }: Way, data: unknown, { ids }: Subject): Record<string, unknown> | null {
  let object = data as Identified | null | undefined;
  for (const { field, type } of steps) {
    const node = type.getFields().node;
    const isMeant = (one: Identified | null): boolean => {
      if (one === null) return false;
      if (ids.has(type.name)) return one.id === ids.get(type.name);
      const id = node && ids.get(getNamedType(node.type).name);
      return id === undefined || one.node?.id === id;
    };
    const value = object?.[field] as Identified | null | undefined | (Identified | null)[];
    object = [value ?? null].flat().find(isMeant);
  }
  return object ?? null;
}
