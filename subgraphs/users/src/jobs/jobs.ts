import type { Cron, Tasks } from '@tributary/jobs';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { EXPORT_TASK } from '../services/data-export.service.ts';
import { ERASE_TASK } from '../services/erasure.service.ts';
import type { PeopleElsewhere } from '../services/people-elsewhere.ts';
import { createCleanExports } from './clean-exports.ts';
import { createCleanUpSessions } from './clean-up-sessions.ts';
import { createEraseUser } from './erase-user.ts';
import { createExportUser } from './export-user.ts';

const CLEAN_TASK = 'export.cleanup';
const CLEAN_SESSIONS_TASK = 'session.cleanup';

/** What this service does beside answering. */
export const createJobs = (
  prisma: PrismaClient,
  elsewhere: PeopleElsewhere,
): { tasks: Tasks; cron: Cron } => ({
  tasks: {
    [ERASE_TASK]: createEraseUser(prisma, elsewhere),
    [EXPORT_TASK]: createExportUser(prisma, elsewhere),
    [CLEAN_TASK]: createCleanExports(prisma),
    [CLEAN_SESSIONS_TASK]: createCleanUpSessions(prisma),
  },
  cron: [
    { task: CLEAN_TASK, match: '17 * * * *' },
    { task: CLEAN_SESSIONS_TASK, match: '37 * * * *' },
  ],
});
