import { type JobContext, runJobsOnce, type Tasks } from '@tributary/jobs';
import {
  createEventBus,
  createLogger,
  createMetrics,
  type EventBus,
  type Invalidator,
} from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import {
  connectDatabase,
  createEvictions,
  createRetention,
  createServiceClient,
  evictionTasks,
} from '@tributary/subgraph-kit';
import { TEST_SECRET } from '@tributary/testing';
import { readSettings } from '../../src/config.ts';
import { createJobs } from '../../src/jobs/jobs.ts';
import { createOutside, type Outside } from '../../src/outside.ts';
import { retentionOf } from '../../src/retention.ts';
import type { Shop } from './shop.ts';

/** Does a shop's jobs when a test says so. */
export interface Workshop {
  /** Does all that is due. What fails waits for its next time. */
  work(): Promise<void>;
  /** The orders whose stock was given back, once for each time. */
  released: unknown[];
  /** On which its jobs tell what happened. */
  events: EventBus;
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
  /** In the place of the gateways, which are not told otherwise. */
  invalidator?: Invalidator;
}

/** Equips the jobs as the subgraph does. */
export function openWorkshop(
  shop: Shop,
  { settings = {}, usersUrl, productsUrl, outside: others, invalidator }: WorkshopOptions = {},
): Workshop {
  const logger = createLogger({ name: 'workshop', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const read = readSettings({ NODE_ENV: 'test', ORDERS_DATABASE_URL: shop.databaseUrl, ...settings });
  const events = createEventBus({ url: read.REDIS_URL, logger, metrics: createMetrics('events') });
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
  const evictions = createEvictions(invalidator !== undefined);
  const { tasks: all } = createJobs({
    prisma: database.prisma,
    services,
    outside,
    events,
    evictions,
    paymentTimeoutMinutes: read.PAYMENT_TIMEOUT_MINUTES,
    logger,
  });
  const released: unknown[] = [];
  const retention = createRetention({
    url: shop.databaseUrl,
    tables: retentionOf(read),
    evictions,
    logger,
    metrics: createMetrics('retention'),
  });
  const tasks: Tasks = {
    ...all,
    ...retention.tasks,
    ...evictionTasks(invalidator ?? null),
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
    events,
    work: () => runJobsOnce(shop.databaseUrl, tasks),
    async run(task, payload) {
      await tasks[task]?.(payload, context);
    },
    async close() {
      await events.close();
      await services.close();
      await database.close();
    },
  };
}
