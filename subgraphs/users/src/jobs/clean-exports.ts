import type { PrismaClient } from '@tributary/prisma/users/client';

const GIVEN_UP_AFTER = 86_400_000; // 1 day: the job has had its last try before
const FAILURE_KEPT_FOR = 7 * 86_400_000; // 7 days

/** The job that deletes exports when their time is over, and says so of those that will never be ready. */
export const createCleanExports = (prisma: PrismaClient) => async (): Promise<void> => {
  const now = Date.now();
  await prisma.dataExport.deleteMany({ where: { expiresAt: { lte: new Date(now) } } });
  await prisma.dataExport.updateMany({
    where: { status: 'PENDING', requestedAt: { lte: new Date(now - GIVEN_UP_AFTER) } },
    data: { status: 'FAILED', finishedAt: new Date(now), expiresAt: new Date(now + FAILURE_KEPT_FOR) },
  });
};
