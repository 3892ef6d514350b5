import { sep } from 'node:path';

/** Whether all packages have just been built as they are: `npm test` has done that, and says so. */
const built = process.env.TEST_BUILT === '1';

const SOURCE_OPTIONS = ['--conditions=source', '--import', 'tsx'];

/**
 * Node's options for a script in plain JavaScript that imports packages of this repository: from their sources, or
 * from the build, which takes less than half as long to load.
 */
export const PACKAGE_OPTIONS: readonly string[] = built ? [] : SOURCE_OPTIONS;

/**
 * Node's arguments that run a program of a package, from its source or from its build as above; one of its tests is always
 * run from its source.
 *
 * @param source - its TypeScript file, an absolute path or one from the folder in which it is run
 */
export function programArguments(source: string): string[] {
  const folders = source.split(sep);
  const place = folders.lastIndexOf('src');
  if (!built || place === -1) return [...SOURCE_OPTIONS, source];
  folders[place] = 'dist';
  return [folders.join(sep).replace(/\.ts$/, '.js')];
}
