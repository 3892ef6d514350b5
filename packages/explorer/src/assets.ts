import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files that the page has to name; written by the build, as paths relative to the folder of the assets. */
export interface ExplorerManifest {
  /** The entry, an ES module. */
  script: string;
  styles: readonly string[];
  /** Modules that the entry needs at once, so that the browser need not discover them one by one. */
  preload: readonly string[];
}

/** Absolute path of the built application: `manifest.json` and `assets/`. The same from `src` and from `dist`. */
export const explorerAssetsDir = fileURLToPath(new URL('../dist/app', import.meta.url));

/**
 * Reads the manifest of a built application.
 *
 * @param directory - as `explorerAssetsDir`
 * @returns `undefined` when the application has not been built
 * @throws SyntaxError when the manifest is not JSON
 */
export async function readManifest(directory: string): Promise<ExplorerManifest | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
