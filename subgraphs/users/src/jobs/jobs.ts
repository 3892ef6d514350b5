import type { Cron, Tasks } from '@tributary/jobs';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { EXPORT_TASK } from '../services/data-export.service.ts';
import { ERASE_TASK } from '../services/erasure.service.ts';
import type { PeopleElsewhere } from '../services/people-elsewhere.ts';
import { createCleanExports } from './clean-exports.ts';
import { createEraseUser } from './erase-user.ts';
import { createExportUser } from './export-user.ts';

const CLEAN_TASK = 'export.cleanup';

/**
 * What this service does beside answering.
 *
 * @param exportDays - that a user has for fetching an export
 */
export const createJobs = (
  prisma: PrismaClient,
  elsewhere: PeopleElsewhere,
  { exportDays }: { exportDays: number },
): { tasks: Tasks; cron: Cron } => ({
  tasks: {
    [ERASE_TASK]: createEraseUser(prisma, elsewhere),
    [EXPORT_TASK]: createExportUser(prisma, elsewhere, exportDays),
    [CLEAN_TASK]: createCleanExports(prisma, exportDays),
  },
  cron: [{ task: CLEAN_TASK, match: '17 * * * *' }],
});
