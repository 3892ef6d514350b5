import type { PrismaClient } from '@tributary/prisma/users/client';

const DAY = 86_400_000; // ms
const GIVEN_UP_AFTER = DAY; // the job has had its last try before

/**
 * The job that says of exports that they will never be ready.
 *
 * @param exportDays - that this stays to be seen
 */
export const createCleanExports = (prisma: PrismaClient, exportDays: number) => async (): Promise<void> => {
  const now = Date.now();
  await prisma.dataExport.updateMany({
    where: { status: 'PENDING', requestedAt: { lte: new Date(now - GIVEN_UP_AFTER) } },
    data: { status: 'FAILED', finishedAt: new Date(now), expiresAt: new Date(now + exportDays * DAY) },
  });
};
