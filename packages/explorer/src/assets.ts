import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the build has written, for each page. */
export interface ExplorerManifest {
  explorer: PageFiles;
  explain: PageFiles;
}

/** The files that a page has to name, as paths relative to the folder of the assets. */
export interface PageFiles {
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
 * @returns `undefined` when the application has not been built, or was before all of its pages were there
 * @throws SyntaxError when the manifest is not JSON
 */
export async function readManifest(directory: string): Promise<ExplorerManifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'));
    return manifest.explorer && manifest.explain ? manifest : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
