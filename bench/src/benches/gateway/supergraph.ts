import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '@tributary/gateway';
import type { Scope } from '../../harness/scope.ts';
import { GRAPH_FOLDER } from './subgraphs/schemas.ts';

/** What a graph's `supergraph.yaml` has for the subgraphs' origin. */
const PLACEHOLDER = 'http://subgraphs/';

/**
 * Composes a benchmark's graph, and writes its SDL to a temporary folder.
 *
 * @param origin - of the subgraphs, `http://127.0.0.1:port`
 * @param graph - folder of the graph's SDL and its `supergraph.yaml`
 * @returns the folder, and the SDL's file in it
 */
export async function writeSupergraph(
  scope: Scope,
  origin: string,
  graph: string = GRAPH_FOLDER,
): Promise<{ folder: string; supergraph: string }> {
  const { supergraphSdl } = await composeSupergraph(join(graph, 'supergraph.yaml'));
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-gateway-'));
  scope.own(() => rm(folder, { recursive: true, force: true }));
  const supergraph = join(folder, 'supergraph.graphql');
  await writeFile(supergraph, supergraphSdl.replaceAll(PLACEHOLDER, `${origin}/`));
  return { folder, supergraph };
}
