import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackupStore, listBackups, removeBackup } from './store.ts';
import { parseLsn, segmentAt, segmentName } from './wal-segment.ts';

/**
 * Removes all but the newest base backups, then the files of the log that none of those needs.
 *
 * @param keep - how many stay, 1 at least
 * @returns ids of the base backups that were removed
 */
export async function prune(store: BackupStore, keep: number): Promise<string[]> {
  const backups = await listBackups(store);
  const removed = backups.slice(0, -keep).map(({ id }) => id);
  for (const id of removed) await removeBackup(store, id);
  const oldest = backups.at(-keep) ?? backups[0];
  if (!oldest) return removed;
  const { timeline, segmentBytes } = store.identity;
  const needed = segmentName(timeline, segmentAt(parseLsn(oldest.startLsn), segmentBytes), segmentBytes);
  for (const name of await readdir(store.wal)) {
    if (/^[0-9A-F]{24}$/.test(name) && name < needed) await rm(join(store.wal, name));
  }
  return removed;
}
