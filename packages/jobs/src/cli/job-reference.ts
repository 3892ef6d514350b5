import type { OwnedDatabase } from '@tributary/database';
import { StartupError } from '@tributary/platform';

/**
 * Reads names of jobs, such as `orders:42`.
 *
 * @returns the numbers by database
 * @throws StartupError for what is no name of a job, or names a database that is not there
 */
export function groupByDatabase(
  names: readonly string[],
  databases: readonly Pick<OwnedDatabase, 'name'>[],
): ReadonlyMap<string, string[]> {
  const known = new Set(databases.map(({ name }) => name));
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const [, database = '', id = ''] = /^([^:]+):(\d{1,18})$/.exec(name) ?? [];
    if (!known.has(database))
      throw new StartupError(
        `"${name}": name a job by its database and number, such as orders:42; databases are ${[...known].join(', ')}`,
      );
    groups.set(database, [...(groups.get(database) ?? []), id]);
  }
  return groups;
}
