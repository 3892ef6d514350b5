import { chmod, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateBinaries } from './binaries.ts';
import { existingCluster, removeCluster } from './cluster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { hasOwner, takeOwnership } from './owner-lock.ts';
import { stopPostmaster } from './postmaster.ts';
import { serverUser } from './server-user.ts';

/** What the names of such servers' folders begin with. */
export const TEMPORARY_PREFIX = 'tributary-postgres-';

/** What makes a server fast whose data may be lost. */
export const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** A PostgreSQL that can be restarted, at the same port and with its data. */
export interface TemporaryPostgres extends EmbeddedPostgres {
  /** Its folder. */
  dataDir: string;
  /** @throws StartupError when it does not come up again */
  restart(options?: RestartOptions): Promise<void>;
}

export interface RestartOptions {
  /**
   * `fast` ends the sessions and leaves the data clean; `immediate` is as if the server had crashed: with the setting
   * `synchronous_commit: 'on'` all that was committed is found in its log.
   * @default 'fast'
   */
  mode?: 'fast' | 'immediate';
  /** What is done while it is down. */
  whileDown?(): Promise<void>;
}

/**
 * Starts a PostgreSQL for a test, on a free port and with an empty folder that is removed by `stop`.
 *
 * Servers that killed tests have left behind are cleared away first.
 *
 * @param settings - further settings of `postgresql.conf`
 */
export async function startTemporaryPostgres(
  settings?: Readonly<Record<string, string | number>>,
): Promise<TemporaryPostgres> {
  await removeOrphans();
  const dataDir = await mkdtemp(join(await realpath(tmpdir()), TEMPORARY_PREFIX));
  await chmod(dataDir, 0o755); // started by root, the server is another user's; its files keep their own modes
  return temporaryServer(dataDir, { ...NOT_DURABLE, ...settings }).catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true });
    throw error;
  });
}

/** Starts the server of a folder that is removed by `stop`. @param settings - of `postgresql.conf` */
export async function temporaryServer(
  dataDir: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<TemporaryPostgres> {
  const start = (port = 0) => startEmbeddedPostgres({ dataDir, port, settings });
  let server = await start();
  let stopping: Promise<void> | undefined;
  return {
    ...server,
    dataDir,
    async restart({ mode = 'fast', whileDown } = {}) {
      if (mode === 'immediate') await crash(dataDir);
      await server.stop();
      await whileDown?.();
      server = await start(server.port);
    },
    stop: () => {
      stopping ??= server.stop().then(() => removeCluster(dataDir));
      return stopping;
    },
  };
}

async function crash(dataDir: string): Promise<void> {
  const cluster = await existingCluster(dataDir);
  if (!cluster) return;
  const user = await serverUser(cluster.home);
  await stopPostmaster(cluster, await locateBinaries(user), user, 'immediate');
}

async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    await removeIfOrphan(join(tmpdir(), name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error; // another process is removing it as well
    });
  }
}

async function removeIfOrphan(dataDir: string): Promise<void> {
  const { uid } = await stat(dataDir);
  if (process.getuid && uid !== process.getuid()) return;
  if (!(await hasOwner(dataDir)) || (await takeOwnership(dataDir)) !== undefined) return;
  await crash(dataDir);
  await removeCluster(dataDir);
}
