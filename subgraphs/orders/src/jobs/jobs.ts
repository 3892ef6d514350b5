import type { Cron, Tasks } from '@tributary/jobs';
import type { EventBus, Logger } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import type { Evictions, ServiceClient } from '@tributary/subgraph-kit';
import type { Outside } from '../outside.ts';
import { createInventory } from '../services/inventory.ts';
import { createLetterService } from '../services/mail/letters.service.ts';
import { createPaymentService } from '../services/payments/payment.service.ts';
import { systemActor } from '../services/system-actor.ts';
import { createEventJobs } from './event-jobs.ts';
import { createMailJobs } from './mail-jobs.ts';
import { createPaymentJobs } from './payment-jobs.ts';
import { createStockJobs } from './stock-jobs.ts';
import { createSweepJobs, SWEEPS } from './sweep-jobs.ts';

export interface JobsOptions {
  prisma: PrismaClient;
  /** The other subgraphs. */
  services: ServiceClient;
  outside: Outside;
  events: EventBus;
  evictions: Evictions;
  /** Minutes that a customer has for paying. */
  paymentTimeoutMinutes: number;
  logger: Logger;
}

/** All that this subgraph does beside answering. */
export function createJobs(options: JobsOptions): { tasks: Tasks; cron: Cron } {
  const {
    prisma,
    services,
    outside,
    events,
    evictions,
    paymentTimeoutMinutes: timeoutMinutes,
    logger,
  } = options;
  const { provider, mailer } = outside;
  const payments =
    provider &&
    createPaymentService({
      prisma,
      provider,
      evictions,
      system: systemActor(prisma, 'payments'),
      timeoutMinutes,
    });
  return {
    cron: SWEEPS,
    tasks: {
      ...createStockJobs({
        prisma,
        inventory: createInventory(services),
        evictions,
        system: systemActor(prisma, 'stock'),
      }),
      ...createPaymentJobs(payments),
      ...createMailJobs(createLetterService({ prisma, services, mailer, logger })),
      ...createEventJobs(events),
      ...createSweepJobs(prisma),
    },
  };
}
