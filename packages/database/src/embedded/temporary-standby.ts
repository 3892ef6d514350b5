import { chmod, chown, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '../ensure-database.ts';
import { clusterOf, existingCluster, removeCluster } from './cluster.ts';
import { copyData } from './copy-data.ts';
import { type ServerUser, serverUser } from './server-user.ts';
import {
  NOT_DURABLE,
  TEMPORARY_PREFIX,
  type TemporaryPostgres,
  temporaryServer,
} from './temporary-postgres.ts';

/**
 * Starts a streaming replica of a temporary server: a copy of its files (PostgreSQL's manual, "Continuous Archiving", by the
 * low-level API, as no `pg_basebackup` comes with npm) that follows it over a replication slot, so that it finds what it
 * missed while it was down. The slot goes with the primary.
 *
 * @param primary - with `synchronous_commit: 'on'`, or it sends what was committed a fifth of a second later
 * @param settings - further settings of `postgresql.conf`
 */
export async function startTemporaryStandby(
  primary: TemporaryPostgres,
  settings?: Readonly<Record<string, string | number>>,
): Promise<TemporaryPostgres> {
  const source = await existingCluster(primary.dataDir);
  if (!source) throw new Error(`there is no server in ${primary.dataDir}`);
  const user = await serverUser(source.home);
  const dataDir = await mkdtemp(join(await realpath(tmpdir()), TEMPORARY_PREFIX));
  const slot = `standby_${dataDir.slice(-6).toLowerCase()}`;
  try {
    await chmod(dataDir, 0o755); // the server is another user's, where this process is root's
    const { home, data } = clusterOf(dataDir);
    await mkdir(home, { mode: 0o700 });
    await backUp(primary, slot, source.data, data, user);
    await writeFile(join(home, 'password'), source.password, { mode: 0o600 });
    await writeFile(join(data, 'standby.signal'), '');
    for (const path of [
      home,
      join(home, 'password'),
      join(data, 'standby.signal'),
      join(data, 'backup_label'),
    ])
      if (user) await chown(path, user.uid, user.gid);
    return await temporaryServer(dataDir, {
      ...NOT_DURABLE,
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres password=${source.password}`,
      primary_slot_name: slot,
      wal_retrieve_retry_interval: '100ms',
      ...settings,
    });
  } catch (error) {
    await removeCluster(dataDir);
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

async function backUp(
  primary: TemporaryPostgres,
  slot: string,
  from: string,
  to: string,
  user: ServerUser | undefined,
): Promise<void> {
  await withClient(primary.url('postgres'), async (client) => {
    await client.query('SELECT pg_create_physical_replication_slot($1, true)', [slot]);
    await client.query("SELECT pg_backup_start('standby', fast => true)");
    await copyData(from, to, user);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
    );
    await writeFile(join(to, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 });
  });
}
