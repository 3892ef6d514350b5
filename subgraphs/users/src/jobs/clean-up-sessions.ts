import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/users/client';

const KEPT_FOR_DAYS = 30; // after their end, for whoever wants to know what happened

/** The job that deletes sessions, with their tokens, some time after they ended, and tries that no longer count. */
export const createCleanUpSessions = (prisma: PrismaClient) => async (): Promise<void> => {
  const long = sql`now() - make_interval(days => ${KEPT_FOR_DAYS})`;
  await prisma.$executeRaw(sql`DELETE FROM sessions WHERE expires_at < ${long} OR revoked_at < ${long}`);
  await prisma.attempt.deleteMany({ where: { expire: { lt: Date.now() } } });
};
