import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '@tributary/platform';

/** The account that PostgreSQL runs as. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/**
 * The account to run PostgreSQL as, which refuses to be root. It has to be one that the system knows by name:
 * `postgres` where there is one, else `nobody`, so that nothing needs to be added to the machine.
 *
 * @param existing - a folder that PostgreSQL has data in already; its owner is the account then
 * @returns undefined when this process is not root and can run PostgreSQL itself
 */
export async function serverUser(existing?: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  if (existing) {
    const { uid, gid } = await stat(existing);
    return { uid, gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const uid = await idOf('-u', name);
    const gid = await idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new StartupError(
    'DATA_DIR: PostgreSQL does not run as root, and there is no user postgres or nobody; start as another user, or set the *_DATABASE_URL variables to a server of your own',
  );
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('id', [flag, name]);
    return Number(stdout);
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === 'number') return undefined; // `id` ran, and knows no such user
    throw error;
  }
}

/**
 * Whether an account may reach a file or folder: it needs the execute bit on it and on every folder above it
 * (a home folder, such as root's, is often closed to others).
 *
 * @param user - undefined for the account of this process, which could resolve the path already
 */
export async function canReach(path: string, user: ServerUser | undefined): Promise<boolean> {
  if (!user) return true;
  for (let current = await realpath(path); ; current = dirname(current)) {
    const { uid, gid, mode } = await stat(current);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if (!(mode & bit)) return false;
    if (current === dirname(current)) return true;
  }
}
