import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartupError } from '@tributary/platform';
import { engineAdapter } from './engine-adapter.ts';
import { LOCK_FILE, migrationFile, NO_FILTER, readMigrations, readSchema } from './migration-files.ts';
import { withSchemaEngine } from './schema-engine.ts';

/** Where the schema is, and where its migrations can be tried. */
export interface DriftOptions {
  /** The folder with `schema.prisma` and `migrations/`. */
  schemaDir: string;
  /** Any database of a server where a database may be created, used and dropped. */
  shadowUrl: string;
}

/**
 * The SQL that leads from what the migrations build to what `schema.prisma` says, found by applying them to a
 * database that is dropped afterwards.
 *
 * What Prisma's schema cannot say is not looked at: CHECK constraints, expressions of generated columns,
 * partial and expression indexes, functions, triggers, extensions.
 *
 * @returns '' when there is no difference
 * @throws StartupError when a migration does not apply, or the schema is not valid
 */
export async function migrationDrift({ schemaDir, shadowUrl }: DriftOptions): Promise<string> {
  const migrations = await readMigrations(schemaDir);
  const schema = await readSchema(schemaDir);
  const adapter = engineAdapter(shadowUrl);
  const { exitCode, stdout } = await withSchemaEngine(adapter, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...migrations },
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    }),
  ).catch((error: Error) => {
    throw new StartupError(`${schemaDir}: ${adapter.scriptError()?.message ?? firstLines(error.message)}`, { cause: error });
  });
  return exitCode === DIFFERENT ? (stdout ?? '') : '';
}

/** The engine's exit code for "there is a difference", as in `prisma migrate diff --exit-code`. */
const DIFFERENT = 2;

/** Without the engine's own backtrace, in one line. */
const firstLines = (message: string) => (message.split(/\n\s+0: /)[0] ?? message).replace(/\s+/g, ' ').trim();

/**
 * Writes the next migration: the SQL that `migrationDrift` finds.
 *
 * @param options.name - what it does, such as `add_gift_note`; the folder's name is a timestamp and this
 * @returns the path of the new file, or null when there is no difference and nothing was written
 */
export async function newMigration(options: DriftOptions & { name: string }): Promise<string | null> {
  const sql = await migrationDrift(options);
  if (sql === '') return null;
  const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14); // YYYYMMDDhhmmss, as Prisma does
  const file = migrationFile(options.schemaDir, `${timestamp}_${options.name}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, sql, { flag: 'wx' });
  await writeFile(join(options.schemaDir, 'migrations', LOCK_FILE.name), LOCK_FILE.content);
  return file;
}
