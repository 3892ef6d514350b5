import { join } from 'node:path';
import {
  databaseSetting,
  type EmbeddedPostgres,
  ensureDatabase,
  migrate,
  startTemporaryPostgres,
} from '@tributary/database';
import { DATABASES, type Database, seedAll } from '@tributary/prisma/seed';
import type { Scope } from '../harness/scope.ts';
import { REPOSITORY } from '../harness/server-process.ts';

/** The seeded databases of the three subgraphs. */
export interface Shop {
  /** Connection strings. */
  urls: Readonly<Record<Database, string>>;
  /** Connection strings by the setting that holds them, such as `USERS_DATABASE_URL`. */
  env: Readonly<Record<string, string>>;
  /** Connection string of another database on the same server. */
  urlOf(database: string): string;
}

/**
 * Starts a PostgreSQL of its own, without durability, and seeds the three databases.
 *
 * @param scale - size of the shop
 * @param report - told how far it is
 */
export async function openShop(scope: Scope, scale: number, report: (detail: string) => void): Promise<Shop> {
  const starting = startTemporaryPostgres();
  // Owned before it has started: an interruption waits for it, and leaves no server behind.
  scope.own(() =>
    starting.then(
      (server) => server.stop(),
      () => undefined,
    ),
  );
  const server: EmbeddedPostgres = await starting;
  const urls: Shop['urls'] = {
    users: server.url('users'),
    products: server.url('products'),
    orders: server.url('orders'),
  };
  for (const name of DATABASES) {
    const source = { url: urls[name], setting: databaseSetting(name) };
    await ensureDatabase(source);
    await migrate({ ...source, schemaDir: join(REPOSITORY, 'prisma', name) });
  }
  await seedAll({
    urls,
    scale,
    onProgress: ({ done, total }) => report(`${Math.floor((done / total) * 100)} %`),
  });
  report(`PostgreSQL ${server.version}, not durable`);
  const env = Object.fromEntries(DATABASES.map((name) => [databaseSetting(name), urls[name]]));
  return { urls, env, urlOf: server.url };
}
