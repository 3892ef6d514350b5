import { copyFile, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from './backup-error.ts';
import { type BackupStore, type BaseBackup, dataOf } from './store.ts';
import { type Lsn, parseLsn, segmentAt, segmentName, segmentNumber } from './wal-segment.ts';

/** A file of the log. */
export interface SegmentFile {
  /** Name without `.partial`. */
  name: string;
  path: string;
}

/** The log from a base backup on, without a gap. */
export interface WalChain {
  files: SegmentFile[];
  /** Up to where the last file is written. */
  end: Lsn;
  /** The file that is missing after the last one, when there are later ones. */
  missing: string | null;
}

const SEGMENT = /^[0-9A-F]{24}(\.partial)?$/;
const PARTIAL = '.partial';

/**
 * Follows the log from a base backup on: the backup's own files, and those that were received.
 *
 * @throws BackupError `WAL_DAMAGED` for a file that was cut off
 */
export function walFrom(store: BackupStore, backup: BaseBackup): Promise<WalChain> {
  return follow(store, backup).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return follow(store, backup); // the file that is being received was finished in between, and has its name now
  });
}

async function follow(store: BackupStore, backup: BaseBackup): Promise<WalChain> {
  const { segmentBytes, timeline } = store.identity;
  const found = await segmentsIn(store, join(dataOf(store, backup.id), 'pg_wal'), store.wal);
  const first = segmentAt(parseLsn(backup.startLsn), segmentBytes);
  const files: SegmentFile[] = [];
  for (let number = first; found.has(number); number++) files.push(await longest(found.get(number) ?? []));
  const next = first + BigInt(files.length);
  const latest = files.at(-1);
  const isLater = [...found.keys()].some((number) => number > next);
  return {
    files,
    end: (next - 1n) * BigInt(segmentBytes) + BigInt(latest ? await writtenBytes(latest.path) : 0),
    missing: !latest || isLater ? segmentName(timeline, next, segmentBytes) : null,
  };
}

/** The files of the log in some folders, by number. */
async function segmentsIn(store: BackupStore, ...folders: string[]): Promise<Map<bigint, SegmentFile[]>> {
  const { segmentBytes } = store.identity;
  const found = new Map<bigint, SegmentFile[]>();
  for (const folder of folders) {
    for (const file of (await readdir(folder)).filter((name) => SEGMENT.test(name))) {
      const path = join(folder, file);
      const { size } = await stat(path);
      if (size !== segmentBytes)
        throw new BackupError('WAL_DAMAGED', `${path} has ${size} bytes, and should have ${segmentBytes}`);
      const number = segmentNumber(file, segmentBytes);
      const name = file.replace(PARTIAL, '');
      found.set(number, [...(found.get(number) ?? []), { name, path }]);
    }
  }
  return found;
}

/** Of several copies of a file, made as far as the log was then, the one that goes on for longest. */
async function longest(copies: readonly SegmentFile[]): Promise<SegmentFile> {
  const written = await Promise.all(copies.map(({ path }) => writtenBytes(path)));
  return copies[written.indexOf(Math.max(...written))] as SegmentFile;
}

/** Copies a file of the log, also when it was finished since it was found. */
export async function copySegment(
  store: BackupStore,
  { name, path }: SegmentFile,
  to: string,
): Promise<void> {
  await copyFile(path, join(to, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return copyFile(join(store.wal, name), join(to, name));
  });
}

/** Bytes of a file of the log before the zeros that it is filled up with. */
export async function writtenBytes(path: string): Promise<number> {
  const handle = await open(path);
  try {
    const block = Buffer.alloc(65_536);
    let end = (await handle.stat()).size;
    while (end > 0) {
      const start = Math.max(0, end - block.length);
      const { bytesRead } = await handle.read(block, 0, end - start, start);
      for (let index = bytesRead - 1; index >= 0; index--) if (block[index] !== 0) return start + index + 1;
      end = start;
    }
    return 0;
  } finally {
    await handle.close();
  }
}
