import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma } from '@tributary/prisma/users/client';
import { unauthenticated } from '@tributary/subgraph-kit';

/**
 * Locks a user until the transaction ends, so that what belongs to them changes in one place at a time.
 *
 * @throws UNAUTHENTICATED when the user is gone: a token outlives its user by some minutes
 */
export async function lockUser(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>(sql`
    SELECT 1 FROM users WHERE id = ${userId}::uuid AND erased_at IS NULL FOR NO KEY UPDATE`);
  if (rows.length === 0) throw unauthenticated();
}

/**
 * Locks all administrators until the transaction ends: whoever makes one fewer waits for whoever else does.
 *
 * @returns their ids, in the order in which they are locked
 */
export async function lockAdmins(tx: Prisma.TransactionClient): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>(sql`
    SELECT id FROM users WHERE role = 'ADMIN' ORDER BY id FOR NO KEY UPDATE`);
  return rows.map(({ id }) => id);
}
