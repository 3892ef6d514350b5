import { type ConstDirectiveNode, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';

/** A subgraph that the gateway answers for itself has a routing URL of this scheme. */
export const LOCAL_SCHEME = 'local:';

/** The routing URL of the subgraph that holds `Query.node` and `Query.nodes`. */
export const NODE_SUBGRAPH_URL = `${LOCAL_SCHEME}node`;

/** What the gateway needs to know of a supergraph beside what the query planner knows; never changed. */
export interface SupergraphSnapshot {
  readonly sdl: string;
  /** Routing URL by subgraph. */
  readonly subgraphs: ReadonlyMap<string, string>;
  /** For each type that `Query.node` can give, the subgraph that knows whether an object exists. */
  readonly nodeOwners: ReadonlyMap<string, string>;
}

/**
 * Reads a supergraph's SDL by the join specification (https://specs.apollo.dev/join).
 *
 * @throws Error when it is not GraphQL, or is not a supergraph
 */
export function readSupergraph(sdl: string): SupergraphSnapshot {
  const { definitions } = parse(sdl, { noLocation: true });
  const graphs = new Map<string, { name: string; url: string }>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const value of definition.values ?? []) {
      const { name, url } = argumentsOf(named(value.directives, 'join__graph')[0]);
      graphs.set(value.name.value, { name: String(name), url: String(url ?? '') });
    }
  }
  if (graphs.size === 0)
    throw new Error('it is not a Federation 2 supergraph: it names no subgraphs in an enum join__Graph');

  const nodeGraph = [...graphs].find(([, { url }]) => url === NODE_SUBGRAPH_URL)?.[0];
  const nodeOwners = new Map<string, string>();
  for (const definition of nodeGraph === undefined ? [] : definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const owner = graphs.get(ownerOf(definition, String(nodeGraph)) ?? '');
    if (owner) nodeOwners.set(definition.name.value, owner.name);
  }
  return { sdl, subgraphs: new Map([...graphs.values()].map(({ name, url }) => [name, url])), nodeOwners };
}

/**
 * The graph that can tell whether an object of the type exists: where the type has a resolvable key `id` and is
 * declared a `Node`. A subgraph that only adds fields to the type resolves any id.
 */
function ownerOf(type: ObjectTypeDefinitionNode, nodeGraph: string): string | undefined {
  const nodeIn = named(type.directives, 'join__implements')
    .map(argumentsOf)
    .filter(({ interface: name }) => name === 'Node')
    .map(({ graph }) => graph);
  const hidden = named(type.directives, 'inaccessible').length > 0;
  if (hidden || !nodeIn.includes(nodeGraph)) return undefined;
  const owner = named(type.directives, 'join__type')
    .map(argumentsOf)
    .find(
      ({ graph, key, resolvable }) =>
        graph !== nodeGraph && key === 'id' && resolvable !== false && nodeIn.includes(graph),
    );
  return owner && String(owner.graph);
}

const named = (directives: readonly ConstDirectiveNode[] | undefined, name: string): ConstDirectiveNode[] =>
  (directives ?? []).filter((directive) => directive.name.value === name);

function argumentsOf(directive: ConstDirectiveNode | undefined): Record<string, string | boolean> {
  return Object.fromEntries(
    (directive?.arguments ?? []).flatMap(({ name, value }) =>
      'value' in value ? [[name.value, value.value]] : [],
    ),
  );
}
