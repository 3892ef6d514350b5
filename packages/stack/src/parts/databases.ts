import {
  ensureDatabase,
  migrate,
  type OpenDatabases,
  type OwnedDatabase,
  openDatabases,
  repositoryDatabases,
  startEmbeddedPostgres,
} from '@tributary/database';
import { type Environment, readDataRegion } from '@tributary/platform';

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
 * Reaches the databases that the environment names, and starts the embedded PostgreSQL for the others.
 *
 * @throws StartupError naming the setting of a database that cannot be reached, or of a data folder in use
 */
export async function openServiceDatabases(env: Environment): Promise<Databases> {
  const region = readDataRegion(env);
  const databases = await repositoryDatabases();
  const open = await openDatabases(databases, env, startEmbeddedPostgres);
  const sources = databases.map((database) => ({ ...database, ...open.sourceOf(database) }));
  try {
    for (const source of sources) await ensureDatabase(source);
  } catch (error) {
    await open.stop();
    throw error;
  }
  return {
    urls: Object.fromEntries(
      databases.map((database) => [database.setting, env[database.setting] || open.urlOf(database)]),
    ),
    description: describe(open, databases, env),
    async migrate() {
      let applied = 0;
      for (const source of sources) applied += (await migrate({ ...source, region })).applied.length;
      return applied;
    },
    stop: open.stop,
  };
}

function describe(
  { embedded }: OpenDatabases,
  databases: readonly OwnedDatabase[],
  env: Environment,
): string {
  const external = databases.filter(({ setting }) => env[setting]);
  const own = external.map(({ setting, name }) => `${name} by ${setting}`);
  return [...(embedded ? [`embedded ${embedded.version} on port ${embedded.port}`] : []), ...own].join(', ');
}
