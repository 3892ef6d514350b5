import type { Environment } from '@tributary/platform';
import type { DatabaseSource } from './database-url.ts';
import { directSetting, type OwnedDatabase } from './databases.ts';
import { type EmbeddedPostgres, useEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { embeddedOptions } from './embedded/settings.ts';
import { REPOSITORY } from './repository.ts';

/** Where databases are: those that the environment names, and the others in the embedded PostgreSQL. */
export interface OpenDatabases {
  /** Connection string that goes past a connection pooler: for migrations and commands, which hold on to a session. */
  urlOf(database: Pick<OwnedDatabase, 'name' | 'setting'>): string;
  /** The same, with the setting that it comes from, for messages. */
  sourceOf(database: Pick<OwnedDatabase, 'name' | 'setting'>): DatabaseSource;
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
  const settingOf = ({ setting }: Pick<OwnedDatabase, 'setting'>) =>
    env[directSetting(setting)] ? directSetting(setting) : setting;
  const needed = databases.some((database) => !env[settingOf(database)]);
  const embedded = needed ? await start(embeddedOptions(env, REPOSITORY)) : null;
  const sourceOf: OpenDatabases['sourceOf'] = (database) => {
    const setting = settingOf(database);
    const url = env[setting] || embedded?.url(database.name);
    if (!url) throw new Error(`${setting} was not among the databases to open`);
    return { url, setting };
  };
  return {
    urlOf: (database) => sourceOf(database).url,
    sourceOf,
    embedded,
    stop: async () => embedded?.stop(),
  };
}
