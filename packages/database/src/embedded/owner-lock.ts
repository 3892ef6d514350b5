import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createWhole } from './create-whole.ts';
import { processInfo } from './process-info.ts';

const LOCK_FILE = 'owner.pid';

interface Owner {
  pid: number;
  startedAt: string;
}

/**
 * Takes a data folder for this process, also from a process that died without giving it back.
 *
 * @returns undefined when it is ours now, or the id of the living process that has it
 */
export async function takeOwnership(dataDir: string): Promise<number | undefined> {
  const file = join(dataDir, LOCK_FILE);
  const me = JSON.stringify({
    pid: process.pid,
    startedAt: (await processInfo(process.pid))?.startedAt ?? '',
  });
  for (;;) {
    if (await createWhole(file, me)) return undefined;
    const found = await readOwner(file);
    if (found?.alive) return found.owner.pid;
    if (found) await removeStale(file, found.text);
  }
}

/** Gives a data folder back. */
export async function releaseOwnership(dataDir: string): Promise<void> {
  await rm(join(dataDir, LOCK_FILE), { force: true });
}

/** Whether a data folder was taken and not given back, by a process that may be dead. */
export async function hasOwner(dataDir: string): Promise<boolean> {
  return (await readOwner(join(dataDir, LOCK_FILE))) !== undefined;
}

/** The id of the living process that has a data folder, if there is one. */
export async function livingOwner(dataDir: string): Promise<number | undefined> {
  const found = await readOwner(join(dataDir, LOCK_FILE));
  return found?.alive ? found.owner.pid : undefined;
}

async function readOwner(file: string): Promise<{ owner: Owner; text: string; alive: boolean } | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const owner = parseOwner(text);
  const living = await processInfo(owner.pid);
  return { owner, text, alive: living?.startedAt === owner.startedAt };
}

/** A file cut short by a crash names nobody, and so nobody who lives. */
function parseOwner(text: string): Owner {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return { pid: 0, startedAt: 'unknown' };
  }
}

/**
 * Removes a dead owner's lock. Of several processes that do so at once only one succeeds in moving the file
 * away, and if what it moved is another one's fresh lock after all, it puts that back.
 */
async function removeStale(file: string, staleText: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== staleText) await link(aside, file);
  await rm(aside);
}
