import { sep } from 'node:path';

/** Whether all packages have just been built as they are: `npm test` has done that, and says so. */
const built = process.env.TEST_BUILT === '1';

/**
 * Node's options for a script in plain JavaScript that imports packages of this repository: from their sources, or
 * from the build, which takes less than half as long to load.
 */
export const PACKAGE_OPTIONS: readonly string[] = built ? [] : ['--conditions=source', '--import', 'tsx'];

/**
 * Node's arguments that run a program of a package, from its source or from its build as above.
 *
 * @param source - its file in the package's `src`, an absolute path or one from the folder in which it is run
 */
export function programArguments(source: string): string[] {
  if (!built) return [...PACKAGE_OPTIONS, source];
  const folders = source.split(sep);
  folders[folders.lastIndexOf('src')] = 'dist';
  return [folders.join(sep).replace(/\.ts$/, '.js')];
}
