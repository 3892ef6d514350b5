import { access, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createWhole } from '../embedded/create-whole.ts';
import { BackupError } from './backup-error.ts';

/** What tells a server's history from every other one's. */
export interface StoreIdentity {
  /** The number that `initdb` drew. */
  system: string;
  /** Counts restores and failovers: after each, the log goes on in another way. */
  timeline: number;
  /** Major version of PostgreSQL. */
  major: number;
  /** Size of a file of the log. */
  segmentBytes: number;
}

/** The folder of all backups of a server: `store.json`, `base/ID/` and `wal/`. */
export interface BackupStore {
  identity: StoreIdentity;
  /** Folder of the base backups. */
  base: string;
  /** Folder of the log. */
  wal: string;
}

const BASE_BACKUP = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  startLsn: z.string(),
  endLsn: z.string(),
  bytes: z.number(),
  user: z.string(),
  version: z.string(),
});

/** A whole base backup. Times are by the server's clock. */
export type BaseBackup = z.infer<typeof BASE_BACKUP>;

const IDENTITY = z.object({
  system: z.string(),
  timeline: z.number(),
  major: z.number(),
  segmentBytes: z.number(),
});

/** What the folders of whole base backups are called: when they began. */
const ID = /^\d{8}T\d{9}Z$/;
const UNFINISHED = '.unfinished';

/**
 * Opens the folder of a server's backups.
 *
 * @throws BackupError `BACKUP_NOT_FOUND`, `BACKUP_DAMAGED`
 */
export async function openStore(dir: string): Promise<BackupStore> {
  const file = join(dir, 'store.json');
  await access(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new BackupError('BACKUP_NOT_FOUND', `BACKUP_DIR: ${dir} has no backups; npm run backup -- create`);
  });
  return { identity: await readRecord(IDENTITY, file), ...foldersOf(dir) };
}

/**
 * Opens the folder for a server, and makes it one of that server when it is new.
 *
 * @throws BackupError `BACKUP_OTHER_SERVER` when it has another server's backups, or those from before a restore
 */
export async function openStoreFor(dir: string, identity: StoreIdentity): Promise<BackupStore> {
  const folders = foldersOf(dir);
  await mkdir(folders.base, { recursive: true, mode: 0o700 });
  await mkdir(folders.wal, { recursive: true, mode: 0o700 });
  await createWhole(join(dir, 'store.json'), `${JSON.stringify(identity, null, 2)}\n`);
  const store = await openStore(dir);
  const differs = (Object.keys(identity) as (keyof StoreIdentity)[]).find(
    (key) => identity[key] !== store.identity[key],
  );
  if (!differs) return store;
  throw new BackupError(
    'BACKUP_OTHER_SERVER',
    `BACKUP_DIR: ${dir} is of a server with ${differs} ${store.identity[differs]}, this one has ${identity[differs]}; ` +
      'after a restore, a failover or an upgrade begin a new folder',
  );
}

const foldersOf = (dir: string) => ({ base: join(dir, 'base'), wal: join(dir, 'wal') });

/**
 * The base backups that are whole, the oldest first.
 *
 * @throws BackupError `BACKUP_DAMAGED`
 */
export async function listBackups(store: BackupStore): Promise<BaseBackup[]> {
  const ids = (await readdir(store.base)).filter((name) => ID.test(name)).sort();
  return Promise.all(ids.map((id) => readRecord(BASE_BACKUP, join(store.base, id, 'backup.json'))));
}

/** PostgreSQL's files of a base backup. */
export const dataOf = (store: BackupStore, id: string) => join(store.base, id, 'data');

/** Begins a base backup, which is not listed before `finish`. @returns the folder for PostgreSQL's files, not yet there */
export async function beginBackup(store: BackupStore, id: string): Promise<string> {
  const folder = join(store.base, id + UNFINISHED);
  await mkdir(folder, { mode: 0o700 });
  return join(folder, 'data');
}

/** Has a base backup listed, at once and for good. */
export async function finishBackup(store: BackupStore, backup: BaseBackup): Promise<void> {
  const folder = join(store.base, backup.id);
  await writeFile(join(folder + UNFINISHED, 'backup.json'), `${JSON.stringify(backup, null, 2)}\n`, {
    flush: true,
  });
  await rename(folder + UNFINISHED, folder);
  await syncFolder(store.base);
}

/** Removes a base backup; from the first moment on it is not listed. */
export async function removeBackup(store: BackupStore, id: string): Promise<void> {
  const folder = join(store.base, id);
  await rename(folder, folder + UNFINISHED);
  await rm(folder + UNFINISHED, { recursive: true });
}

/** Removes what backups left that did not come to their end. Only for who has the lock. */
export async function removeUnfinished(store: BackupStore): Promise<void> {
  for (const name of await readdir(store.base)) {
    if (name.endsWith(UNFINISHED)) await rm(join(store.base, name), { recursive: true });
  }
}

/** A name that was given to a file outlives a power cut only then. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

async function readRecord<T extends z.ZodType>(schema: T, file: string): Promise<z.infer<T>> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new BackupError('BACKUP_DAMAGED', `${file} cannot be read; move its folder away`, { cause: error });
  }
}
