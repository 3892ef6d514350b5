import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationList, SchemaFilter, SchemasContainer } from '@prisma/schema-engine-wasm/schema_engine_bg';

/** Everything in the database is Prisma's to look at. */
export const NO_FILTER: SchemaFilter = { externalTables: [], externalEnums: [] };

/** Content of `migration_lock.toml`, as Prisma writes it. */
export const LOCK_FILE = { name: 'migration_lock.toml', content: 'provider = "postgresql"\n' };

/** Path of a migration's SQL inside of a schema folder. */
export const migrationFile = (schemaDir: string, name: string) => join(schemaDir, 'migrations', name, 'migration.sql');

/**
 * Reads the migrations of a schema folder, in Prisma's layout `migrations/<timestamp>_<name>/migration.sql`.
 *
 * @param schemaDir - the folder with `schema.prisma`; it may have no migrations yet
 */
export async function readMigrations(schemaDir: string): Promise<MigrationList> {
  const baseDir = join(schemaDir, 'migrations');
  const entries = await readdir(baseDir, { withFileTypes: true }).catch(absent([]));
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir,
    lockfile: { path: LOCK_FILE.name, content: await readFile(join(baseDir, LOCK_FILE.name), 'utf8').catch(absent(LOCK_FILE.content)) },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(migrationFile(schemaDir, name), 'utf8') },
        },
      })),
    ),
  };
}

/** Reads a schema folder's `schema.prisma`. */
export async function readSchema(schemaDir: string): Promise<SchemasContainer> {
  return { files: [{ path: 'schema.prisma', content: await readFile(join(schemaDir, 'schema.prisma'), 'utf8') }] };
}

/** A value for a file that does not exist; other failures stay failures. */
function absent<T>(value: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
