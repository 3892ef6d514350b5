import { join } from 'node:path';
import { install, needsInstall } from '../../../../../scripts/install.mjs';
import { REPOSITORY } from '../../../harness/server-process.ts';

/**
 * Finds what a competitor consists of, and installs it when that was not done yet: each has its own lockfile, and
 * none burdens those who only want to run this repository.
 *
 * @param name - its folder below `bench/competitors`
 * @param report - told of an installation, which takes a while
 * @returns the folder
 * @throws Error with npm's output when it cannot be installed
 */
export async function requireCompetitor(name: string, report: (detail: string) => void): Promise<string> {
  const folder = join(REPOSITORY, 'bench/competitors', name);
  if (needsInstall(folder)) {
    report('installing, this once');
    await install(folder);
    report('');
  }
  return folder;
}
