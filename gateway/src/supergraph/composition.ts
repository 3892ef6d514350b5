import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { composeServices } from '@apollo/composition';
import { StartupError } from '@tributary/platform';
import { GraphQLError, parse, Source } from 'graphql';
import { readSupergraphConfig, type SubgraphSource } from './config-file.ts';
import { nodeSubgraphSchema } from './node-subgraph.ts';
import { describeProblem, type ParsedSubgraph } from './problem.ts';
import { NODE_SUBGRAPH_URL } from './snapshot.ts';

/** The subgraphs do not make a supergraph; one paragraph for each reason. */
export class CompositionError extends StartupError {
  override name = 'CompositionError';
  readonly problems: readonly string[];

  constructor(configFile: string, problems: readonly string[]) {
    super(`SUPERGRAPH: ${relative('.', configFile)} does not compose\n${problems.join('\n')}`);
    this.problems = problems;
  }
}

/** A supergraph, and what it was made from. */
export interface ComposedSupergraph {
  supergraphSdl: string;
  /** Absolute paths of every file that was read, the configuration first. */
  files: string[];
  /** The generated schema of the `node` subgraph, when the configuration has one, and the file it belongs in. */
  nodeSchema?: { file: string; sdl: string };
}

/**
 * Composes the subgraphs of a `supergraph.yaml`, in process and with nothing but files.
 *
 * A subgraph with the routing URL `local:node` is given the schema that follows from the others, whatever its
 * file says; `npm run compose` writes that file.
 *
 * @param configFile - path of the `supergraph.yaml`
 * @throws CompositionError when there is an error **or a hint**; StartupError when a file cannot be used
 */
export async function composeSupergraph(configFile: string): Promise<ComposedSupergraph> {
  const file = resolve(configFile);
  const sources = await readSupergraphConfig(file);
  const node = sources.find(({ routingUrl }) => routingUrl === NODE_SUBGRAPH_URL);
  const settled = await Promise.allSettled(sources.filter((source) => source !== node).map(readSubgraph));
  const unreadable = settled.flatMap((result) =>
    result.status === 'rejected' ? [messageOf(result.reason)] : [],
  );
  if (unreadable.length > 0) throw new CompositionError(file, unreadable);

  const subgraphs = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const nodeSchema = node && { file: node.schemaFile, sdl: nodeSubgraphSchema(subgraphs) };
  if (node && nodeSchema) subgraphs.push(parseSubgraph(node, nodeSchema.sdl));

  const { errors, hints, supergraphSdl } = composeServices(subgraphs);
  const problems = (errors ?? hints).map((problem) => describeProblem(problem, subgraphs));
  if (supergraphSdl === undefined || problems.length > 0)
    throw new CompositionError(file, [...new Set(problems)]);
  return {
    supergraphSdl: `${supergraphSdl.trimEnd()}\n`,
    files: [file, ...sources.filter((source) => source !== node).map(({ schemaFile }) => schemaFile)],
    ...(nodeSchema && { nodeSchema }),
  };
}

async function readSubgraph(source: SubgraphSource): Promise<ParsedSubgraph> {
  const text = await readFile(source.schemaFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${relative('.', source.schemaFile)} [${source.name}] cannot be read (${error.code})`);
  });
  return parseSubgraph(source, text);
}

function parseSubgraph({ name, routingUrl, schemaFile }: SubgraphSource, text: string): ParsedSubgraph {
  try {
    return { name, url: routingUrl, typeDefs: parse(new Source(text, schemaFile)) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { line, column } = error.locations?.[0] ?? { line: 1, column: 1 };
    throw new Error(`${relative('.', schemaFile)}:${line}:${column} [${name}] ${error.message}`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
