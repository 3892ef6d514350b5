import { BackupError } from './backup-error.ts';
import { runTool } from './run-tool.ts';
import type { BackupOptions } from './settings.ts';
import { type BackupStore, type BaseBackup, dataOf, listBackups } from './store.ts';
import { findTools } from './tools.ts';
import { walFrom } from './wal-chain.ts';

/** A base backup, and what is wrong with it or the log from it on. */
export interface VerifiedBackup {
  backup: BaseBackup;
  /** Null for one that can be restored. */
  problem: BackupError | null;
}

/**
 * Reads base backups and compares them with their checksums, and looks for gaps in the log after them.
 *
 * @param id - one of them; undefined for all
 * @throws BackupError `BACKUP_NOT_FOUND`, `BACKUP_TOOLS_MISSING`
 */
export async function verifyBackups(
  store: BackupStore,
  { bin }: Pick<BackupOptions, 'bin'>,
  id?: string,
): Promise<VerifiedBackup[]> {
  const backups = await listBackups(store);
  const chosen = id === undefined ? backups : [findBackup(backups, id)];
  const tools = await findTools(store.identity.major, ['pg_verifybackup', 'pg_waldump'], bin);
  const verified: VerifiedBackup[] = [];
  for (const backup of chosen) {
    const problem = await verifyBackup(store, backup, tools.pg_verifybackup).then(
      () => null,
      (error: unknown) => {
        if (error instanceof BackupError) return error;
        throw error;
      },
    );
    verified.push({ backup, problem });
  }
  return verified;
}

async function verifyBackup(store: BackupStore, backup: BaseBackup, program: string): Promise<void> {
  await verifyFiles(program, dataOf(store, backup.id));
  const { missing } = await walFrom(store, backup);
  if (missing) throw missingSegment(missing);
}

/**
 * Compares the files of a base backup with PostgreSQL's list of them and their SHA-256.
 *
 * @param program - path of `pg_verifybackup`
 * @throws BackupError `BACKUP_DAMAGED`
 */
export async function verifyFiles(program: string, data: string): Promise<void> {
  const { code, reason } = await runTool(program, ['--quiet', data]);
  if (code !== 0) throw new BackupError('BACKUP_DAMAGED', `${data}: ${reason}`);
}

/** The error for a gap in the log. */
export const missingSegment = (name: string) =>
  new BackupError(
    'WAL_MISSING',
    `the log has a gap: ${name} is not in wal/; restore it, or make a new base backup`,
  );

/**
 * Finds a base backup by its id.
 *
 * @throws BackupError `BACKUP_NOT_FOUND`
 */
export function findBackup(backups: readonly BaseBackup[], id: string): BaseBackup {
  const found = backups.find((backup) => backup.id === id);
  if (found) return found;
  throw new BackupError('BACKUP_NOT_FOUND', `"${id}": there is no such base backup; npm run backup -- list`);
}
