import { relative } from 'node:path';
import type { CompositionSuccess } from '@apollo/composition';
import { type ASTNode, type DocumentNode, type GraphQLError, getLocation, Kind } from 'graphql';

/** A subgraph's schema, read and parsed; its locations know the file. */
export interface ParsedSubgraph {
  name: string;
  url: string;
  typeDefs: DocumentNode;
}

type CompositionHint = CompositionSuccess['hints'][number];

/** Says in one paragraph what is wrong with the schemas: where, in which subgraph, which rule, and why. */
export function describeProblem(
  problem: GraphQLError | CompositionHint,
  subgraphs: readonly ParsedSubgraph[],
): string {
  const code = 'definition' in problem ? problem.definition.code : problem.extensions.code;
  const named = (problem.nodes ?? []).flatMap((node) => placeOf(node, subgraphNameOf(node)) ?? []);
  const places = [...new Set(named.length > 0 ? named : placesNamedIn(problem.message, subgraphs))];
  const [place, ...others] = places;
  const also = others.length > 0 ? `\n  also ${others.join(', ')}` : '';
  return `${place ? `${place} ` : ''}${code}: ${problem.message.trim().replaceAll('\n', '\n  ')}${also}`;
}

/** `file:line:column [subgraph]` of a node that came from a file. */
export function placeOf(node: ASTNode, subgraph: string | undefined): string | undefined {
  if (!node.loc) return undefined;
  const { line, column } = getLocation(node.loc.source, node.loc.start);
  return `${relative('.', node.loc.source.name)}:${line}:${column}${subgraph ? ` [${subgraph}]` : ''}`;
}

const subgraphNameOf = (node: ASTNode): string | undefined =>
  'subgraph' in node && typeof node.subgraph === 'string' ? node.subgraph : undefined;

/**
 * Some problems, such as a field that no path leads to, have no location but name fields and types in quotes:
 * the definitions of those.
 */
function placesNamedIn(message: string, subgraphs: readonly ParsedSubgraph[]): string[] {
  const coordinates = new Set(
    [...message.matchAll(/"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)"/g)].map(([, name]) => name ?? ''),
  );
  return [...coordinates].flatMap((coordinate) =>
    subgraphs.flatMap(({ name, typeDefs }) => {
      const definition = definitionOf(coordinate, typeDefs);
      return (definition && placeOf(definition, name)) ?? [];
    }),
  );
}

function definitionOf(coordinate: string, { definitions }: DocumentNode): ASTNode | undefined {
  const [typeName, memberName] = coordinate.split('.');
  for (const definition of definitions) {
    if (!('name' in definition) || definition.name?.value !== typeName) continue;
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) continue;
    if (memberName === undefined) return definition;
    const members =
      'fields' in definition ? definition.fields : 'values' in definition ? definition.values : undefined;
    const member = members?.find(({ name }) => name.value === memberName);
    if (member) return member;
  }
  return undefined;
}
