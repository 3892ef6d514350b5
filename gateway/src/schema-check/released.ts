import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '@tributary/platform';

const git = promisify(execFile);
const SUPERGRAPH = 'supergraph.graphql';
const MAX_BYTES = 50_000_000;

/** A supergraph to compare with. */
export interface ReleasedSupergraph {
  /** Where it is from, for people. */
  name: string;
  sdl: string;
}

/**
 * Finds the supergraph of the last release.
 *
 * @param folder - of the repository, with the supergraph
 * @param against - a file with its SDL, or a commit, branch or tag of git; undefined for the last tag `v*` before this commit
 * @returns null when there was no release yet
 * @throws StartupError when `against` is neither, or there is no supergraph in it
 */
export async function releasedSupergraph(
  folder: string,
  against: string | undefined,
): Promise<ReleasedSupergraph | null> {
  if (against !== undefined && existsSync(resolve(folder, against)))
    return { name: against, sdl: await readFile(resolve(folder, against), 'utf8') };
  const reference = against ?? (await lastTag(folder));
  if (reference === null) return null;
  try {
    const { stdout } = await git('git', ['show', '--end-of-options', `${reference}:./${SUPERGRAPH}`], {
      cwd: folder,
      maxBuffer: MAX_BYTES,
    });
    return { name: reference, sdl: stdout };
  } catch (cause) {
    throw new StartupError(
      `--against: ${reference} is neither a file nor something in git that has a ${SUPERGRAPH}; a shallow clone has no tags`,
      { cause },
    );
  }
}

/** @throws StartupError when the folder is in no repository */
async function lastTag(folder: string): Promise<string | null> {
  try {
    const { stdout } = await git('git', ['describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*'], {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C' },
    });
    return stdout.trim();
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    if (/No names found|No tags can describe|cannot describe anything/.test(stderr)) return null;
    throw new StartupError(`--against: git cannot tell the last release: ${stderr.trim() || cause}`, {
      cause,
    });
  }
}
