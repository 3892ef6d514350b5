import { constants } from 'node:fs';
import { chown, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerUser } from './server-user.ts';

/** What belongs to the running server, and not to its data (PostgreSQL's manual, "Making a Base Backup Using the Low Level API"). */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'pg_replslot']);
/** Folders that have to be there, and empty. */
const EMPTIED = new Set([
  'pg_wal',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/**
 * Copies the files of a running server, between `pg_backup_start` and `pg_backup_stop`: files that change or go away
 * meanwhile are made whole by its log.
 *
 * @param user - who owns the copy; undefined for this process
 */
export async function copyData(from: string, to: string, user: ServerUser | undefined): Promise<void> {
  await makeFolder(to, user);
  await makeFolder(join(to, 'pg_replslot'), user);
  await copyEntries(
    from,
    to,
    user,
    (name) => !LEFT_OUT.has(name),
    (name) => EMPTIED.has(name),
  );
}

async function copyEntries(
  from: string,
  to: string,
  user: ServerUser | undefined,
  isWanted: (name: string) => boolean,
  isEmptied: (name: string) => boolean,
): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!isWanted(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!entry.isDirectory()) {
      await copyUnlessGone(source, target, user);
      continue;
    }
    await makeFolder(target, user);
    if (isEmptied(entry.name)) {
      if (entry.name === 'pg_wal') await makeFolder(join(target, 'archive_status'), user);
      continue;
    }
    await copyEntries(
      source,
      target,
      user,
      () => true,
      () => false,
    );
  }
}

async function copyUnlessGone(from: string, to: string, user: ServerUser | undefined): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (user) await chown(to, user.uid, user.gid);
}

async function makeFolder(path: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (user) await chown(path, user.uid, user.gid);
}
