import type { Cron, Tasks } from '@tributary/jobs';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import type { Evictions } from '@tributary/subgraph-kit';
import { sweepCarts } from '../services/cart/sweep-carts.ts';
import { createPlacements } from '../services/placing/placements.ts';

/** When what was left behind is swept away. */
export const SWEEPS: Cron = [
  { task: 'placement.sweep', match: '* * * * *' },
  { task: 'cart.sweep', match: '17 * * * *' },
];

export const createSweepJobs = (prisma: PrismaClient, evictions: Evictions) =>
  ({
    'placement.sweep': () => createPlacements(prisma).sweep(),
    'cart.sweep': () => sweepCarts(prisma, evictions),
  }) satisfies Tasks;
