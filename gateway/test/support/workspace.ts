import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with a `supergraph.yaml` and its schemas. */
export interface Workspace {
  /** Absolute path of the `supergraph.yaml`. */
  config: string;
  path(file: string): string;
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** A subgraph as `supergraph.yaml` has it. */
export interface Entry {
  name: string;
  url: string;
  sdl: string;
}

/** The subgraph that the gateway answers itself; its schema file need not be there. */
export const NODE: Entry = { name: 'node', url: 'local:node', sdl: '' };

export async function createWorkspace(subgraphs: readonly Entry[]): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-gateway-'));
  const path = (file: string) => join(folder, file);
  const write = (file: string, text: string) => writeFile(path(file), text);
  for (const { name, sdl } of subgraphs) await write(`${name}.graphql`, sdl);
  const entries = subgraphs.map(
    ({ name, url }) => `  ${name}:\n    routing_url: ${url}\n    schema:\n      file: ${name}.graphql\n`,
  );
  await write('supergraph.yaml', `federation_version: 2\nsubgraphs:\n${entries.join('')}`);
  return {
    config: path('supergraph.yaml'),
    path,
    write,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
