import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Runs something with a folder that is removed afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder();
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An empty folder, which the account that a root's PostgreSQL runs as can enter. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-database-test-'));
  await chmod(folder, 0o755);
  return folder;
}

/** A schema folder in Prisma's layout. */
export async function writeSchemaFolder(
  schemaDir: string,
  { models, migrations = {} }: { models: string; migrations?: Record<string, string> },
): Promise<string> {
  await mkdir(schemaDir, { recursive: true });
  await writeSchema(schemaDir, models);
  for (const [name, sql] of Object.entries(migrations)) await writeMigration(schemaDir, name, sql);
  return schemaDir;
}

/** Writes `schema.prisma` anew. */
export const writeSchema = (schemaDir: string, models: string) =>
  writeFile(join(schemaDir, 'schema.prisma'), `datasource db {\n  provider = "postgresql"\n}\n\n${models}\n`);

/** Writes one migration, new or edited. */
export async function writeMigration(schemaDir: string, name: string, sql: string): Promise<void> {
  await mkdir(join(schemaDir, 'migrations', name), { recursive: true });
  await writeFile(join(schemaDir, 'migrations', name, 'migration.sql'), sql);
}

/** URL of a source file, to import it from a process of its own. */
export const sourceUrl = (path: string) => pathToFileURL(join(import.meta.dirname, '../src', path)).href;
