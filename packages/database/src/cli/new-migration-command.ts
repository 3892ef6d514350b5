import { relative } from 'node:path';
import { StartupError } from '@tributary/platform';
import { useEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { embeddedOptions } from '../embedded/settings.ts';
import { newMigration } from '../migrations/new-migration.ts';
import { describeProblem, migrationProblems } from '../migrations/safety/check-migrations.ts';
import { findDatabase, REPOSITORY, repositoryDatabases } from '../repository.ts';
import type { Command } from './run-cli.ts';

const help = `Usage: npm run db:new -- DATABASE NAME

Writes the next migration of a database: the SQL that leads from what its migrations build so far to what its
schema.prisma says. Nothing is downloaded, and no data is touched: the migrations are tried in a database of
the embedded PostgreSQL (DATA_DIR, default .tributary) that is dropped afterwards.

Read the file before you run "npm run db:migrate", and add to it what a Prisma schema cannot say. It tells what in the
file would stop the shop while it is applied; docs/migrations.md says how to write that instead.

Options:
  -h, --help  show this

Example:
  npm run db:new -- orders add_gift_note
`;

/** `npm run db:new` */
export const newMigrationCommand: Command = {
  help,
  options: [],
  run: async ({ positionals: [databaseName, name, ...more], env, say }) => {
    if (databaseName === undefined || name === undefined || more.length > 0) {
      throw new StartupError('give a database and a name, as in: npm run db:new -- orders add_gift_note');
    }
    if (!/^[a-z0-9][a-z0-9_]{0,99}$/.test(name)) {
      throw new StartupError(
        `"${name}": a migration's name is of small letters, digits and underscores, at most 100`,
      );
    }
    const { schemaDir } = findDatabase(await repositoryDatabases(), databaseName);
    const server = await useEmbeddedPostgres(embeddedOptions(env, REPOSITORY));
    try {
      const file = await newMigration({ schemaDir, name, shadowUrl: server.url('postgres') });
      say(
        file
          ? `wrote ${relative(REPOSITORY, file)}; read it, then: npm run db:migrate -- ${databaseName}`
          : `${databaseName}: schema.prisma says nothing that the migrations do not; no file was written`,
      );
      if (file) await warn(schemaDir, file, say);
    } finally {
      await server.stop();
    }
  },
};

/** Says what in a new migration `npm run check` will refuse. */
async function warn(schemaDir: string, file: string, say: (line: string) => void): Promise<void> {
  const problems = await migrationProblems(schemaDir);
  for (const problem of problems.filter((found) => found.file === file)) {
    say(`warning: ${describeProblem({ ...problem, file: relative(REPOSITORY, file) })}`);
  }
}
