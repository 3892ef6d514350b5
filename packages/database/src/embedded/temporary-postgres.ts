import { chmod, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateBinaries } from './binaries.ts';
import { existingCluster, removeCluster } from './cluster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { hasOwner, takeOwnership } from './owner-lock.ts';
import { stopPostmaster } from './postmaster.ts';
import { serverUser } from './server-user.ts';

const PREFIX = 'tributary-postgres-';

/** What makes a server fast whose data may be lost. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts a PostgreSQL for a test, on a free port and with an empty folder that is removed by `stop`.
 *
 * Servers that killed tests have left behind are cleared away first.
 *
 * @param settings - further settings of `postgresql.conf`
 */
export async function startTemporaryPostgres(
  settings?: Readonly<Record<string, string | number>>,
): Promise<EmbeddedPostgres> {
  await removeOrphans();
  const dataDir = await mkdtemp(join(await realpath(tmpdir()), PREFIX));
  await chmod(dataDir, 0o755); // started by root, the server is another user's; its files keep their own modes
  const start = startEmbeddedPostgres({ dataDir, settings: { ...NOT_DURABLE, ...settings } });
  const server = await start.catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true });
    throw error;
  });
  let stopping: Promise<void> | undefined;
  return {
    ...server,
    stop: () => {
      stopping ??= server.stop().then(() => removeCluster(dataDir));
      return stopping;
    },
  };
}

async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    await removeIfOrphan(join(tmpdir(), name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error; // another process is removing it as well
    });
  }
}

async function removeIfOrphan(dataDir: string): Promise<void> {
  const { uid } = await stat(dataDir);
  if (process.getuid && uid !== process.getuid()) return;
  if (!(await hasOwner(dataDir)) || (await takeOwnership(dataDir)) !== undefined) return;
  const cluster = await existingCluster(dataDir);
  if (cluster) {
    const user = await serverUser(cluster.home);
    await stopPostmaster(cluster, await locateBinaries(user), user, 'immediate');
  }
  await removeCluster(dataDir);
}
