import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.record(z.string(), z.array(z.string()));

/**
 * The migrations that were there before there was a check, by database. They ran on no database that anybody used, and
 * a migration that has landed is never edited.
 *
 * @param prismaDir - the repository's `prisma/`
 */
export const landedMigrations = async (prismaDir: string): Promise<Record<string, string[]>> =>
  schema.parse(JSON.parse(await readFile(join(prismaDir, 'landed-migrations.json'), 'utf8')));
