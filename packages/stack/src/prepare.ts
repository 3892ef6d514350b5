import { resolve } from 'node:path';
import { embeddedOptions, REPOSITORY } from '@tributary/database';
import { type Environment, freePort } from '@tributary/platform';
import { seedAll } from '@tributary/prisma/seed';
import { step } from '../../../scripts/step.mjs';
import { sharedEnvironment } from './environment.ts';
import { type Databases, openServiceDatabases } from './parts/databases.ts';
import { type LocalPayments, openPayments } from './parts/payments.ts';
import { type LocalRedis, openRedis } from './parts/redis.ts';
import { localSecrets } from './parts/secrets.ts';
import { readStackSettings, type StackSettings } from './settings.ts';

/** What the services of a stack stand on. */
export interface Ground {
  settings: StackSettings;
  /** For every service. */
  env: Environment;
  databases: Databases;
  redis: LocalRedis;
  payments: LocalPayments;
  /** Ends what was started here, the last first. */
  close(): Promise<void>;
}

/**
 * Has PostgreSQL, Redis and a payment provider running, the databases migrated and, when they are empty, seeded; says so as it goes.
 *
 * @param stopping - looked at between the steps
 * @throws StartupError naming the setting to change, or the signal's reason; nothing is left running then
 */
export async function prepare(env: Environment, stopping: AbortSignal): Promise<Ground> {
  const settings = readStackSettings(env);
  const dataDir = resolve(REPOSITORY, embeddedOptions(env, REPOSITORY).dataDir);
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  try {
    const databases = await step('PostgreSQL', async (report) => {
      const found = await openServiceDatabases(env);
      opened.push(found.stop);
      report(found.description);
      return found;
    });
    stopping.throwIfAborted();
    const redis = await step('Redis', async (report) => {
      const found = await openRedis(settings.REDIS_URL, dataDir);
      opened.push(found.stop);
      report(found.description);
      return found;
    });
    stopping.throwIfAborted();
    await step('Migrations', async (report) => {
      const applied = await databases.migrate();
      report(applied === 0 ? 'up to date' : `${applied} applied`);
    });
    stopping.throwIfAborted();
    if (settings.SEED_SCALE > 0)
      await step('Demo shop', (report) => seed(databases, settings.SEED_SCALE, report));
    stopping.throwIfAborted();
    const payments = await step('Payments', async (report) => {
      const found = await openPayments(env);
      opened.push(found.stop);
      report(found.description);
      return found;
    });
    const secrets = await localSecrets(dataDir);
    // Known before the gateway listens: the subgraphs start first, and have to find it.
    const adminPort = settings.ADMIN_PORT === 0 && !redis.url ? await freePort() : settings.ADMIN_PORT;
    const shared = sharedEnvironment(env, { databases, redis, payments, secrets, adminPort });
    return { settings, databases, redis, payments, close, env: shared };
  } catch (error) {
    await close();
    throw error;
  }
}

async function seed({ urls }: Databases, scale: number, report: (detail: string) => void): Promise<void> {
  const url = (name: string) => urls[name] as string;
  const summary = await seedAll({
    urls: {
      users: url('USERS_DATABASE_URL'),
      products: url('PRODUCTS_DATABASE_URL'),
      orders: url('ORDERS_DATABASE_URL'),
    },
    scale,
    onProgress: ({ done, total }) => report(`${Math.floor((done / total) * 100)} %`),
  });
  const seeded = Object.values(summary).some((database) => !database.skipped);
  report(seeded ? `scale ${scale}` : 'kept as it was');
}
