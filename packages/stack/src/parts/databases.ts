import { join } from 'node:path';
import {
  type EmbeddedPostgres,
  embeddedOptions,
  ensureDatabase,
  listDatabases,
  migrate,
  type OwnedDatabase,
  startEmbeddedPostgres,
} from '@tributary/database';
import type { Environment } from '@tributary/platform';
import { REPOSITORY } from '../repository.ts';

/** The databases of all services. */
export interface Databases {
  /** Connection strings by the setting that holds them, such as `USERS_DATABASE_URL`. */
  urls: Readonly<Record<string, string>>;
  /** Which PostgreSQL it is, for people. */
  description: string;
  /** Applies what is missing. @returns how many migrations that were */
  migrate(): Promise<number>;
  /** Stops PostgreSQL, where it was started here. */
  stop(): Promise<void>;
}

/**
 * Reaches the databases that the environment names, and has the embedded PostgreSQL running for the others.
 *
 * @throws StartupError naming the setting of a database that cannot be reached
 */
export async function openDatabases(env: Environment): Promise<Databases> {
  const databases = await listDatabases(join(REPOSITORY, 'prisma'));
  const external = databases.filter(({ setting }) => env[setting]);
  const embedded =
    external.length < databases.length ? await startEmbeddedPostgres(embeddedOptions(env, REPOSITORY)) : null;
  const urlOf = ({ name, setting }: OwnedDatabase) =>
    env[setting] || (embedded as EmbeddedPostgres).url(name);
  try {
    for (const database of databases)
      await ensureDatabase({ url: urlOf(database), setting: database.setting });
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  return {
    urls: Object.fromEntries(databases.map((database) => [database.setting, urlOf(database)])),
    description: describe(embedded, external),
    async migrate() {
      let applied = 0;
      for (const database of databases) {
        applied += (await migrate({ ...database, url: urlOf(database) })).applied.length;
      }
      return applied;
    },
    stop: async () => embedded?.stop(),
  };
}

function describe(embedded: EmbeddedPostgres | null, external: readonly OwnedDatabase[]): string {
  const own = external.map(({ setting, name }) => `${name} by ${setting}`);
  return [...(embedded ? [`embedded ${embedded.version} on port ${embedded.port}`] : []), ...own].join(', ');
}
