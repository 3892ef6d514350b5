import { setTimeout } from 'node:timers/promises';
import type { Prisma, PrismaClient } from '@tributary/prisma/products/client';

type Waiting<Results> = { -readonly [Index in keyof Results]: Promise<Results[Index]> };

const PATIENCE_MS = 15_000;

/**
 * Lets commands run into a lock, and takes it away once every one of them waits: what they have read by then is old.
 *
 * @param lock - locks what they will wait for, in the transaction
 * @param start - starts commands on as many connections
 * @returns what they answered
 */
export async function behindLock<Results extends readonly unknown[]>(
  prisma: PrismaClient,
  lock: (tx: Prisma.TransactionClient) => Promise<unknown>,
  start: () => Waiting<Results>,
): Promise<Results> {
  const started = await prisma.$transaction(
    async (tx) => {
      await lock(tx);
      const commands = start();
      const failed = Promise.all(commands).then(() => 'a command did not wait');
      const problem = await Promise.race([failed, waitFor(prisma, commands.length)]);
      if (problem) throw new Error(problem);
      return { commands };
    },
    { timeout: PATIENCE_MS + 5_000 },
  );
  return Promise.all(started.commands) as unknown as Promise<Results>;
}

/** Until so many connections wait for a lock. @returns null, or that they do not */
async function waitFor(prisma: PrismaClient, count: number): Promise<string | null> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const [row] = await prisma.$queryRaw<{ count: number }[]>`
      SELECT count(*)::integer AS count FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (row?.count === count) return null;
    await setTimeout(5);
  }
  return `${count} commands should wait for the lock`;
}
