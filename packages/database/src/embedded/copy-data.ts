import { constants, type Dirent } from 'node:fs';
import { chown, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerUser } from './server-user.ts';

/** What belongs to the running server, and not to its data ("Making a Base Backup Using the Low Level API" of the manual). */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts']);
/** Folders whose contents do not, and that have to be there. */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/**
 * Copies the files of a running server, between `pg_backup_start` and `pg_backup_stop`: those that change meanwhile are
 * made whole by its log, and those that go away are not needed.
 *
 * @param user - who owns the copy; undefined for this process
 */
export async function copyData(from: string, to: string, user: ServerUser | undefined): Promise<void> {
  await makeFolder(to, user);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name)) continue;
    if (EMPTIED.has(entry.name)) await makeFolder(join(to, entry.name), user);
    else await copyEntry(entry, from, to, user);
  }
}

async function copyEntry(
  entry: Dirent,
  from: string,
  to: string,
  user: ServerUser | undefined,
): Promise<void> {
  const [source, target] = [join(from, entry.name), join(to, entry.name)];
  if (!entry.isDirectory()) return copyUnlessGone(source, target, user);
  await makeFolder(target, user);
  for (const inside of await readdir(source, { withFileTypes: true }))
    await copyEntry(inside, source, target, user);
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
