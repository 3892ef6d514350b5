import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '@tributary/gateway';
import type { Scope } from '../../harness/scope.ts';
import { GRAPH_FOLDER } from './subgraphs/schemas.ts';

/** What the graph's `supergraph.yaml` has for the subgraphs' origin. */
const PLACEHOLDER = 'http://subgraphs/';

/**
 * Composes the benchmark's graph, and writes its SDL to a temporary folder.
 *
 * @param origin - of the subgraphs, `http://127.0.0.1:port`
 * @returns the folder, and the SDL's file in it
 */
export async function writeSupergraph(
  scope: Scope,
  origin: string,
): Promise<{ folder: string; supergraph: string }> {
  const { supergraphSdl } = await composeSupergraph(join(GRAPH_FOLDER, 'supergraph.yaml'));
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-gateway-'));
  scope.own(() => rm(folder, { recursive: true, force: true }));
  const supergraph = join(folder, 'supergraph.graphql');
  await writeFile(supergraph, supergraphSdl.replaceAll(PLACEHOLDER, `${origin}/`));
  return { folder, supergraph };
}
