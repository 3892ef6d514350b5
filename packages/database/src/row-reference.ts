import { StartupError } from '@tributary/platform';
import type { OwnedDatabase } from './databases.ts';

/**
 * Reads names of rows by their database and number, such as `orders:42`, that somebody gave a command.
 *
 * @param kind - what they are called, for messages: `a job`
 * @returns the numbers by database
 * @throws StartupError for what is no such name, or names a database that is not there
 */
export function groupByDatabase(
  names: readonly string[],
  databases: readonly Pick<OwnedDatabase, 'name'>[],
  kind: string,
): ReadonlyMap<string, string[]> {
  const known = new Set(databases.map(({ name }) => name));
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const [, database = '', id = ''] = /^([^:]+):(\d{1,18})$/.exec(name) ?? [];
    if (!known.has(database))
      throw new StartupError(
        `"${name}": name ${kind} by its database and number, such as orders:42; databases are ${[...known].join(', ')}`,
      );
    groups.set(database, [...(groups.get(database) ?? []), id]);
  }
  return groups;
}
