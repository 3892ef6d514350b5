import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { StartupError } from '@tributary/platform';
import { composeSupergraph } from './composition.ts';
import { readSupergraph, type SupergraphSnapshot } from './snapshot.ts';

/** A supergraph as it is on the disk at one time. */
export interface LoadedSupergraph {
  snapshot: SupergraphSnapshot;
  /** Absolute paths of the files it was made from. */
  files: readonly string[];
}

/**
 * Loads a supergraph: a `.yaml` or `.yml` file is a `supergraph.yaml` and is composed, anything else is SDL.
 *
 * @throws StartupError when it cannot be used, naming the file and the reason
 */
export async function loadSupergraph(path: string): Promise<LoadedSupergraph> {
  const file = resolve(path);
  if (/\.ya?ml$/.test(file)) {
    const { supergraphSdl, files } = await composeSupergraph(file);
    return { snapshot: readSupergraph(supergraphSdl), files };
  }
  try {
    return { snapshot: readSupergraph(await readFile(file, 'utf8')), files: [file] };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartupError(`SUPERGRAPH: ${relative('.', file)} cannot be used: ${code ?? message}`);
  }
}
