import { tagLabel } from '@tributary/platform';
import { type ConstDirectiveNode, Kind, parse, type ValueNode, valueFromASTUntyped } from 'graphql';
import { isObject } from '../../execution/plan/objects.ts';

/** A tag with places for values, such as `product-{$key.id}`. */
export interface TagFormat {
  /**
   * The label of the tag for an entity or a field.
   *
   * @param valueFor - finds a value by the names after `$key.` or `$args.`
   * @returns undefined when a value is missing
   */
  label(valueFor: (path: readonly string[]) => unknown): string | undefined;
}

/** The tags of one subgraph (`@cacheTag`, Federation 2.12). */
export interface SubgraphTags {
  /** By types of entities. */
  ofType(type: string): readonly TagFormat[];
  /** By fields of `Query`. */
  ofRootField(field: string): readonly TagFormat[];
}

const NO_TAGS: SubgraphTags = { ofType: () => [], ofRootField: () => [] };

/**
 * Reads the tags in a supergraph's SDL, where composition puts them in `@join__directive`.
 *
 * @returns finds those of a subgraph by its name
 */
export function readCacheTags(sdl: string, queryType: string): (subgraph: string) => SubgraphTags {
  const formats = new Map<string, TagFormat[]>();
  const names = new Map<string, string>();
  const note = (coordinate: string, directives: readonly ConstDirectiveNode[] = []) => {
    for (const { graphs, format } of directives.flatMap(tagIn)) {
      for (const graph of graphs) {
        const key = `${graph} ${coordinate}`;
        formats.set(key, [...(formats.get(key) ?? []), parseFormat(format)]);
      }
    }
  };
  for (const definition of parse(sdl, { noLocation: true }).definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph') {
      for (const { name, directives } of definition.values ?? [])
        names.set(String(argumentOf(directives?.[0], 'name')), name.value);
    }
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    const type = definition.name.value;
    note(type, definition.directives);
    if (type !== queryType) continue;
    for (const { name, directives } of definition.fields ?? []) note(`Query.${name.value}`, directives);
  }
  if (formats.size === 0) return () => NO_TAGS;
  return (subgraph) => {
    const graph = names.get(subgraph);
    return {
      ofType: (type) => formats.get(`${graph} ${type}`) ?? [],
      ofRootField: (field) => formats.get(`${graph} Query.${field}`) ?? [],
    };
  };
}

/** `@join__directive(graphs: […], name: "federation__cacheTag", args: { format: "…" })` */
function tagIn(directive: ConstDirectiveNode): { graphs: unknown[]; format: string }[] {
  if (directive.name.value !== 'join__directive') return [];
  if (!/(^|__)cacheTag$/.test(String(argumentOf(directive, 'name')))) return [];
  const [graphs, args] = ['graphs', 'args'].map((name) => argumentOf(directive, name));
  const format = isObject(args) ? args.format : undefined;
  return Array.isArray(graphs) && typeof format === 'string' ? [{ graphs, format }] : [];
}

function argumentOf(directive: ConstDirectiveNode | undefined, name: string): unknown {
  const value: ValueNode | undefined = directive?.arguments?.find((one) => one.name.value === name)?.value;
  return value && valueFromASTUntyped(value);
}

function parseFormat(format: string): TagFormat {
  // Text and places in turn.
  const parts = format.split(/\{\$(?:key|args)\.([^{}]+)\}/);
  const paths = parts.map((part, index) => (index % 2 === 1 ? part.trim().split('.') : null));
  return {
    label(valueFor) {
      let tag = '';
      for (const [index, text] of parts.entries()) {
        const path = paths[index];
        const value = path ? valueFor(path) : text;
        if (value === undefined || value === null) return undefined;
        tag += typeof value === 'object' ? JSON.stringify(value) : String(value);
      }
      return tagLabel(tag);
    },
  };
}
