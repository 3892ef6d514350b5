import type { Environment } from '@tributary/platform';
import type { OwnedDatabase } from './databases.ts';
import { type EmbeddedPostgres, useEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { embeddedOptions } from './embedded/settings.ts';
import { REPOSITORY } from './repository.ts';

/** Where databases are: those that the environment names, and the others in the embedded PostgreSQL. */
export interface OpenDatabases {
  /** Connection string. */
  urlOf(database: Pick<OwnedDatabase, 'name' | 'setting'>): string;
  /** The embedded server; null when the environment names every database. */
  embedded: EmbeddedPostgres | null;
  /** Stops the embedded server, where it was started for this. */
  stop(): Promise<void>;
}

/**
 * Has the embedded PostgreSQL running if one of the databases is in it.
 *
 * @param start - by default, a server that another process runs is used, and left running by `stop`
 * @throws StartupError naming `DATA_DIR` or `POSTGRES_PORT`
 */
export async function openDatabases(
  databases: readonly Pick<OwnedDatabase, 'setting'>[],
  env: Environment,
  start = useEmbeddedPostgres,
): Promise<OpenDatabases> {
  const needed = databases.some(({ setting }) => !env[setting]);
  const embedded = needed ? await start(embeddedOptions(env, REPOSITORY)) : null;
  return {
    urlOf({ name, setting }) {
      const url = env[setting] || embedded?.url(name);
      if (!url) throw new Error(`${setting} was not among the databases to open`);
      return url;
    },
    embedded,
    stop: async () => embedded?.stop(),
  };
}
