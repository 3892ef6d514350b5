import { type JobContext, runJobsOnce, type Tasks } from '@tributary/jobs';
import { createLogger, createMetrics } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import { connectDatabase, createServiceClient } from '@tributary/subgraph-kit';
import { TEST_SECRET } from '@tributary/testing';
import { readSettings } from '../../src/config.ts';
import { createJobs } from '../../src/jobs/jobs.ts';
import { createOutside, type Outside } from '../../src/outside.ts';
import type { Shop } from './shop.ts';

/** Does a shop's jobs when a test says so. */
export interface Workshop {
  /** Does all that is due. What fails waits for its next time. */
  work(): Promise<void>;
  /** The orders whose stock was given back, once for each time. */
  released: unknown[];
  /** Does one job, whether one was added or not. */
  run(task: string, payload: object): Promise<void>;
  close(): Promise<void>;
}

export interface WorkshopOptions {
  settings?: Record<string, string>;
  /** Address of the users subgraph, or of what stands for it. */
  usersUrl?: string;
  /** Address of what stands for the products subgraph. Without it, jobs on the stock are only noted. */
  productsUrl?: string;
  /** In the place of what the settings say. */
  outside?: Partial<Outside>;
}

/** Equips the jobs as the subgraph does. */
export function openWorkshop(
  shop: Shop,
  { settings = {}, usersUrl, productsUrl, outside: others }: WorkshopOptions = {},
): Workshop {
  const logger = createLogger({ name: 'workshop', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const read = readSettings({ NODE_ENV: 'test', ORDERS_DATABASE_URL: shop.databaseUrl, ...settings });
  const outside = { ...createOutside(read, logger), ...others };
  const database = connectDatabase({
    url: shop.databaseUrl,
    poolSize: 8,
    metrics: createMetrics('workshop'),
    createClient: (options) => new PrismaClient(options),
  });
  const services = createServiceClient({
    name: 'orders',
    secret: TEST_SECRET,
    urls: new Map(
      Object.entries({ ...(usersUrl && { users: usersUrl }), ...(productsUrl && { products: productsUrl }) }),
    ),
  });
  const { tasks: all } = createJobs({
    prisma: database.prisma,
    services,
    outside,
    paymentTimeoutMinutes: read.PAYMENT_TIMEOUT_MINUTES,
    logger,
  });
  const released: unknown[] = [];
  const tasks: Tasks = {
    ...all,
    ...(productsUrl === undefined && {
      'stock.confirm': async () => undefined,
      'stock.release': async (payload) => void released.push((payload as { orderId: unknown }).orderId),
    }),
  };
  const context: JobContext = {
    id: '0',
    attempt: 1,
    lastAttempt: false,
    signal: new AbortController().signal,
    logger,
  };
  return {
    released,
    work: () => runJobsOnce(shop.databaseUrl, tasks),
    async run(task, payload) {
      await tasks[task]?.(payload, context);
    },
    async close() {
      await outside.close();
      await services.close();
      await database.close();
    },
  };
}
