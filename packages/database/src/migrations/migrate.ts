import { basename } from 'node:path';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { StartupError } from '@tributary/platform';
import type pg from 'pg';
import { connectionError, type DatabaseSource } from '../database-url.ts';
import { ensureDatabase } from '../ensure-database.ts';
import { claimRegion } from '../residency/data-region.ts';
import { engineAdapter } from './engine-adapter.ts';
import { installJobQueue } from './job-queue.ts';
import { migrationFile, NO_FILTER, readMigrations } from './migration-files.ts';
import { withMigrationLock } from './migration-lock.ts';
import { withSchemaEngine } from './schema-engine.ts';

/** Which migrations go where. */
export interface MigrateOptions {
  /** Connection string of the database. It is created when missing. */
  url: string;
  /** The folder with `schema.prisma` and `migrations/`. */
  schemaDir: string;
  /**
   * Name of the setting that the URL comes from, for messages.
   * @default 'DATABASE_URL'
   */
  setting?: string;
  /** Region in which the database keeps personal data, `DATA_REGION`. @default nobody says */
  region?: string | undefined;
}

/**
 * Applies the migrations that a database does not have yet, in order: what `prisma migrate deploy` does, with
 * the same table `_prisma_migrations`. Each file is one transaction. Several processes may do it at once. The queue of
 * jobs is made, or brought up to date, as well.
 *
 * @returns the names of the migrations that were applied, oldest first
 * @throws StartupError when a migration fails, failed before, or was edited after it had been applied; or the database is of
 *   another region
 */
export async function migrate(options: MigrateOptions): Promise<{ applied: string[] }> {
  const { url, schemaDir, region } = options;
  await ensureDatabase(sourceOf(options));
  const migrationsList = await readMigrations(schemaDir);
  const adapter = engineAdapter(url);
  return withMigrationLock(url, async () => {
    if (region !== undefined) await claimRegion(sourceOf(options), region);
    const outcome = await withSchemaEngine(adapter, async (engine) => {
      await refuseBadHistory(engine, options, migrationsList);
      try {
        const result = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
        return { applied: result.appliedMigrationNames };
      } catch (error) {
        const reason = adapter.scriptError();
        if (!reason) throw connectionError(sourceOf(options), error);
        const [failed = ''] = (await diagnose(engine, migrationsList)).failedMigrationNames;
        throw migrationFailed(options, migrationsList, failed, reason);
      }
    });
    await installJobQueue(url);
    return outcome;
  });
}

/**
 * Records that a failed migration left nothing behind, so that `migrate` tries it again: what
 * `prisma migrate resolve --rolled-back` does.
 *
 * @param name - the migration's folder name
 * @throws StartupError when no such migration is recorded as failed
 */
export async function markRolledBack(options: MigrateOptions, name: string): Promise<void> {
  const migrationsList = await readMigrations(options.schemaDir);
  await ensureDatabase(sourceOf(options));
  await withMigrationLock(options.url, () =>
    withSchemaEngine(engineAdapter(options.url), async (engine) => {
      const { failedMigrationNames } = await diagnose(engine, migrationsList);
      if (!failedMigrationNames.includes(name)) {
        throw new StartupError(`--rolled-back: no migration "${name}" is recorded as failed in ${basename(options.schemaDir)}`);
      }
      await engine.markMigrationRolledBack({ migrationName: name });
    }),
  );
}

const sourceOf = ({ url, setting = 'DATABASE_URL' }: MigrateOptions): DatabaseSource => ({ url, setting });

const diagnose = (engine: SchemaEngine, migrationsList: MigrationList) =>
  engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: NO_FILTER });

async function refuseBadHistory(engine: SchemaEngine, options: MigrateOptions, migrationsList: MigrationList) {
  const { editedMigrationNames, failedMigrationNames } = await diagnose(engine, migrationsList);
  const [edited] = editedMigrationNames;
  if (edited) {
    throw new StartupError(
      `${migrationFile(options.schemaDir, edited)} was edited after it had been applied; restore it and write the change as a new migration`,
    );
  }
  const [failed] = failedMigrationNames;
  if (failed) {
    throw new StartupError(
      `${migrationFile(options.schemaDir, failed)} failed earlier; mend it, then run ${retryCommand(options, failed)}`,
    );
  }
}

function migrationFailed(options: MigrateOptions, list: MigrationList, name: string, reason: pg.DatabaseError) {
  const file = migrationFile(options.schemaDir, name);
  const content = list.migrationDirectories.find(({ path }) => path === name)?.migrationFile.content.value;
  const line = reason.position && content ? `:${lineAt(content, Number(reason.position))}` : '';
  return new StartupError(
    `${file}${line} failed: ${reason.message}; its changes were taken back: mend it, then run ${retryCommand(options, name)}`,
    { cause: reason },
  );
}

/** @param position - PostgreSQL counts characters from 1 */
const lineAt = (text: string, position: number) => Array.from(text).slice(0, position - 1).filter((c) => c === '\n').length + 1;

const retryCommand = ({ schemaDir }: MigrateOptions, name: string) =>
  `npm run db:migrate -- ${basename(schemaDir)} --rolled-back ${name}`;
