import type { Cron, Tasks } from '@tributary/jobs';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import { createPlacements } from '../services/placing/placements.ts';

/** When what was left behind is swept away. */
export const SWEEPS: Cron = [{ task: 'placement.sweep', match: '* * * * *' }];

export const createSweepJobs = (prisma: PrismaClient) =>
  ({
    'placement.sweep': () => createPlacements(prisma).sweep(),
  }) satisfies Tasks;
