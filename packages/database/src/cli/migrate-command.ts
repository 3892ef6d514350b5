import { type Environment, StartupError } from '@tributary/platform';
import type { OwnedDatabase } from '../databases.ts';
import { type EmbeddedPostgres, useEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { embeddedOptions } from '../embedded/settings.ts';
import { markRolledBack, migrate } from '../migrations/migrate.ts';
import { findDatabase, REPOSITORY, repositoryDatabases } from './repository.ts';
import type { Command } from './run-cli.ts';

const help = `Usage: npm run db:migrate [-- [DATABASE...] [--rolled-back MIGRATION]]

Applies the migrations under prisma/ that the databases do not have yet; all databases, or those named.

A database is at its <NAME>_DATABASE_URL (USERS_DATABASE_URL, ...) where that is set, else in the embedded
PostgreSQL of DATA_DIR (default .tributary/postgres), which is started for as long as it takes unless it runs.

Options:
  --rolled-back MIGRATION  first record that this failed migration left nothing behind, so that it is tried again
  -h, --help               show this

Examples:
  npm run db:migrate
  npm run db:migrate -- users
  npm run db:migrate -- users --rolled-back 20260101120000_add_nickname
`;

/** `npm run db:migrate` */
export const migrateCommand: Command = {
  help,
  options: ['rolled-back'],
  run: async ({ positionals: names, options, env, say }) => {
    const rolledBack = options['rolled-back'];
    const databases = await repositoryDatabases();
    const chosen = names.length > 0 ? names.map((name) => findDatabase(databases, name)) : databases;
    const [only] = chosen;
    if (rolledBack !== undefined && (chosen.length !== 1 || !only)) {
      throw new StartupError('--rolled-back: name the one database that it is about; see --help');
    }
    await withServer(chosen, env, async (urlOf) => {
      if (rolledBack !== undefined && only) await markRolledBack({ ...only, url: urlOf(only) }, rolledBack);
      for (const database of chosen) {
        const { applied } = await migrate({ ...database, url: urlOf(database) });
        const outcome = applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date';
        say(`${database.name}: ${outcome}`);
      }
    });
  },
};

/** Has the embedded server running if one of the databases is in it. */
async function withServer(
  databases: readonly OwnedDatabase[],
  env: Environment,
  use: (urlOf: (database: OwnedDatabase) => string) => Promise<void>,
): Promise<void> {
  const needed = databases.some(({ setting }) => !env[setting]);
  const server = needed ? await useEmbeddedPostgres(embeddedOptions(env, REPOSITORY)) : undefined;
  try {
    await use(({ name, setting }) => env[setting] || embeddedUrl(server, name));
  } finally {
    await server?.stop();
  }
}

function embeddedUrl(server: EmbeddedPostgres | undefined, name: string): string {
  if (!server) throw new Error(`no server was started for ${name}`);
  return server.url(name);
}
