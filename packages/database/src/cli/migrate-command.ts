import { readDataRegion, StartupError } from '@tributary/platform';
import { markRolledBack, migrate } from '../migrations/migrate.ts';
import { awaitMigrations } from '../migrations/pending.ts';
import { openDatabases } from '../open-databases.ts';
import { findDatabase, repositoryDatabases } from '../repository.ts';
import type { Command } from './run-cli.ts';

const help = `Usage: npm run db:migrate [-- [DATABASE...] [--rolled-back MIGRATION] [--wait SECONDS]]

Applies the migrations under prisma/ that the databases do not have yet; all databases, or those named.

A database is at its <NAME>_DATABASE_URL (USERS_DATABASE_URL, ...) where that is set, else in the embedded
PostgreSQL of DATA_DIR (default .tributary), which is started for as long as it takes unless it runs. Where that is the
address of PgBouncer, <NAME>_DATABASE_DIRECT_URL is that of PostgreSQL, which migrations need. With DATA_REGION, a
database of no region becomes one of that region, and one of another region is refused.

Options:
  --rolled-back MIGRATION  first record that this failed migration left nothing behind, so that it is tried again
  --wait SECONDS           apply nothing: wait for so long until another process has applied them, 0 to look once
  -h, --help               show this

Examples:
  npm run db:migrate
  npm run db:migrate -- users
  npm run db:migrate -- users --rolled-back 20260101120000_add_nickname
  npm run db:migrate -- users --wait 600
`;

/** `npm run db:migrate` */
export const migrateCommand: Command = {
  help,
  options: ['rolled-back', 'wait'],
  run: async ({ positionals: names, options, env, say }) => {
    const rolledBack = options['rolled-back'];
    const databases = await repositoryDatabases();
    const chosen = names.length > 0 ? names.map((name) => findDatabase(databases, name)) : databases;
    const [only] = chosen;
    if (rolledBack !== undefined && (chosen.length !== 1 || !only)) {
      throw new StartupError('--rolled-back: name the one database that it is about; see --help');
    }
    const region = readDataRegion(env);
    const seconds = options.wait === undefined ? null : secondsOf(options.wait);
    if (seconds !== null && rolledBack !== undefined)
      throw new StartupError('--wait: changes nothing, and so does not go with --rolled-back');
    const { sourceOf, stop } = await openDatabases(chosen, env);
    try {
      if (rolledBack !== undefined && only) await markRolledBack({ ...only, ...sourceOf(only) }, rolledBack);
      for (const database of chosen) {
        if (seconds !== null) {
          await awaitMigrations({ ...database, ...sourceOf(database) }, seconds);
          say(`${database.name}: up to date`);
          continue;
        }
        const { applied } = await migrate({ ...database, ...sourceOf(database), region });
        const outcome = applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date';
        say(`${database.name}: ${outcome}`);
      }
    } finally {
      await stop();
    }
  },
};

function secondsOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new StartupError('--wait: must be a whole number of seconds');
  return Number(text);
}
