import Table from 'cli-table3';
import type { BackupError } from '../backup/backup-error.ts';
import type { BaseBackup } from '../backup/store.ts';

/** A base backup as it is shown. */
export interface ListedBackup {
  backup: BaseBackup;
  /** What is wrong with it; left out where nobody has looked. */
  problem?: BackupError | null;
}

const MEGABYTE = 1_000_000;

/** Base backups for people. */
export function backupTable(backups: readonly ListedBackup[]): string {
  const verified = backups.some(({ problem }) => problem !== undefined);
  const table = new Table({
    head: ['backup', 'restorable from', 'MB', 'PostgreSQL', 'log from', ...(verified ? ['state'] : [])],
    style: { head: [], border: [] },
  });
  for (const { backup, problem } of backups) {
    table.push([
      backup.id,
      backup.finishedAt,
      Math.ceil(backup.bytes / MEGABYTE),
      backup.version,
      backup.startLsn,
      ...(verified ? [problem?.code ?? 'good'] : []),
    ]);
  }
  return table.toString();
}
