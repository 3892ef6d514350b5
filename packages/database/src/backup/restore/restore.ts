import { access, appendFile, chown, cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canReach, type ServerUser, serverUser } from '../../embedded/server-user.ts';
import { BackupError } from '../backup-error.ts';
import { type BackupStore, type BaseBackup, dataOf, listBackups } from '../store.ts';
import { findTools } from '../tools.ts';
import { findBackup, missingSegment, verifyFiles } from '../verify.ts';
import { copySegment, type WalChain, walFrom } from '../wal-chain.ts';
import { parseLsn } from '../wal-segment.ts';
import { expectWholeLog, whyNotRecovered } from './judge-recovery.ts';
import { type RecoveryServer, startRecovery } from './recovery-server.ts';

/** What to restore, and where. */
export interface RestoreOptions {
  store: BackupStore;
  /** The new data folder, which is not there yet. */
  target: string;
  /** A time, as ISO 8601 with its zone; undefined for all that there is. */
  to: string | undefined;
  /** The base backup to begin with; undefined for the newest that is old enough. */
  id: string | undefined;
  /** Folder of PostgreSQL's programs; undefined where it is to be found. */
  bin: string | undefined;
  /** Hears what is being done. */
  say(line: string): void;
}

/** What was restored. */
export interface Restored {
  backup: BaseBackup;
  /** Place in the log that was come to. */
  lsn: string;
  /** When the last transaction was; null when none was after the base backup. */
  lastTransaction: Date | null;
  databases: string[];
  /** Whether `postgresql.conf` is there: some packages keep it elsewhere than in the data folder. */
  configured: boolean;
}

/**
 * Restores a server into a new data folder, which is there only when it has come up once and all was found in it that was asked for.
 *
 * @throws BackupError `RESTORE_TARGET_EXISTS`, `RESTORE_TIME_UNCOVERED`, `WAL_MISSING`, `WAL_DAMAGED`, `BACKUP_DAMAGED`,
 *   `BACKUP_NOT_FOUND`, `BACKUP_TOOLS_MISSING`, `RESTORE_FAILED`
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { store, target, to, say } = options;
  await expectNothingAt(target);
  const backup = chooseBackup(await listBackups(store), options);
  const tools = await findTools(
    store.identity.major,
    ['pg_verifybackup', 'pg_waldump', 'postgres'],
    options.bin,
  );
  const chain = await walFrom(store, backup);
  if (chain.missing && (to === undefined || chain.files.length === 0)) throw missingSegment(chain.missing);
  const user = await serverUser();
  if (!(await canReach(dirname(target), user)))
    throw new BackupError(
      'RESTORE_FAILED',
      `${dirname(target)} is closed to the account that PostgreSQL runs as`,
    );
  const data = `${target}.unfinished`;
  await mkdir(data, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new BackupError(
      'RESTORE_TARGET_EXISTS',
      `${data} is there already; remove it when nobody restores there`,
    );
  });
  try {
    say(`copying the base backup ${backup.id}, and checking it`);
    await cp(dataOf(store, backup.id), data, { recursive: true });
    await verifyFiles(tools.pg_verifybackup, data);
    say(`replaying ${chain.files.length} files of the log`);
    await prepare(data, store, chain, user);
    const server = await startRecovery({ program: tools.postgres, data, to, user });
    const restored = await recover(server, backup, chain, to).finally(() => server.stop());
    await appendFile(join(data, 'postgresql.auto.conf'), "synchronous_standby_names = ''\n");
    await rename(data, target);
    return { ...restored, configured: (await readdir(target)).includes('postgresql.conf') };
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    throw error;
  }
}

async function expectNothingAt(target: string): Promise<void> {
  const exists = await access(target).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (exists)
    throw new BackupError('RESTORE_TARGET_EXISTS', `${target} is there already; name a folder that is not`);
  if (!(await stat(dirname(target)).catch(() => undefined))?.isDirectory())
    throw new BackupError('RESTORE_FAILED', `${dirname(target)} is no folder; make it first`);
}

/** The newest base backup that was whole before the time that is wanted. */
function chooseBackup(backups: readonly BaseBackup[], { id, to }: RestoreOptions): BaseBackup {
  const candidates = id === undefined ? backups : [findBackup(backups, id)];
  const [oldest] = candidates;
  if (!oldest) throw new BackupError('BACKUP_NOT_FOUND', 'BACKUP_DIR: there is no base backup that is whole');
  const time = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
  if (to !== undefined && time > Date.now())
    throw new BackupError('RESTORE_TIME_UNCOVERED', `--to ${to}: is in the future`);
  const chosen = candidates.findLast(({ finishedAt }) => Date.parse(finishedAt) <= time);
  if (chosen) return chosen;
  throw new BackupError(
    'RESTORE_TIME_UNCOVERED',
    `--to ${to}: is before ${oldest.finishedAt}, where ${id === undefined ? 'the oldest base backup' : id} ends`,
  );
}

/** Adds the log, and gives all to the account that the server runs as. */
async function prepare(
  data: string,
  store: BackupStore,
  chain: WalChain,
  user: ServerUser | undefined,
): Promise<void> {
  for (const file of chain.files) await copySegment(store, file, join(data, 'pg_wal'));
  await writeFile(join(data, 'recovery.signal'), '');
  if (!user) return;
  await chown(data, user.uid, user.gid);
  for (const entry of await readdir(data, { recursive: true }))
    await chown(join(data, entry), user.uid, user.gid);
}

async function recover(
  server: RecoveryServer,
  backup: BaseBackup,
  chain: WalChain,
  to: string | undefined,
): Promise<Omit<Restored, 'configured'>> {
  if (!(await server.recovered())) throw whyNotRecovered(server.log, chain, to);
  return server.withClient(backup.user, async (client) => {
    const { rows } = await client.query<Omit<Restored, 'backup' | 'configured'>>(
      `SELECT pg_last_wal_replay_lsn()::text AS lsn, pg_last_xact_replay_timestamp() AS "lastTransaction",
         ARRAY(SELECT datname::text FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1) AS databases`,
    );
    const [found] = rows;
    if (!found) throw new Error('the restored server does not say what it has');
    if (to === undefined) expectWholeLog(server.log, chain, parseLsn(found.lsn));
    return { backup, ...found };
  });
}
