import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartupError } from '@tributary/platform';
import { listDatabases, type OwnedDatabase } from './databases.ts';

/** The repository's root: the commands work on it from whatever folder they are called in. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** The databases under `prisma/`. */
export const repositoryDatabases = () => listDatabases(join(REPOSITORY, 'prisma'));

/**
 * Finds a database by its name.
 *
 * @throws StartupError naming those that exist
 */
export function findDatabase(databases: readonly OwnedDatabase[], name: string): OwnedDatabase {
  const found = databases.find((database) => database.name === name);
  if (found) return found;
  const known = databases.map((database) => database.name).join(', ');
  throw new StartupError(`"${name}": there is no such database; there are ${known}`);
}
