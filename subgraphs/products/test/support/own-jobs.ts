import type { Cron, Tasks } from '@tributary/jobs';
import { createEventBus, createLogger, createMetrics, type Invalidator } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/products/client';
import { createEvictions, evictionTasks } from '@tributary/subgraph-kit';
import { createJobs } from '../../src/jobs/jobs.ts';
import type { FetchLimits } from '../../src/services/import/fetch-file.ts';
import { createServices } from '../../src/services/services.ts';

/**
 * The subgraph's jobs, which tell what happened on a bus of their own.
 *
 * @param files - that may be fetched
 * @param invalidator - in the place of the gateways, which are not told otherwise
 */
export function ownJobs(
  prisma: PrismaClient,
  files?: FetchLimits,
  invalidator: Invalidator | null = null,
): { tasks: Tasks; cron: Cron } {
  const events = createEventBus({
    url: undefined,
    logger: createLogger({ name: 'bus', LOG_LEVEL: 'silent', NODE_ENV: 'test' }),
    metrics: createMetrics('bus'),
  });
  const services = createServices(prisma, events, createEvictions(invalidator !== null), files);
  const { tasks, cron } = createJobs(services, events, invalidator);
  return { tasks: { ...tasks, ...evictionTasks(invalidator) }, cron };
}
