import { type Dataset, ranges } from '../../seed/dataset.ts';
import { insertInto } from '../../seed/table.ts';
import type { Person } from './people.ts';
import { addresses, users } from './tables.ts';

/** What goes into the users database. */
export function usersDataset(people: readonly Person[]): Dataset {
  return {
    database: 'users',
    tables: [users.name, addresses.name],
    size: people.length,
    *batches() {
      for (const { start, end } of ranges(people.length)) {
        const batch = people.slice(start, end);
        const inserts = [
          insertInto(
            users,
            batch.map((person) => person.user),
          ),
          insertInto(
            addresses,
            batch.flatMap((person) => person.addresses),
          ),
        ];
        yield { size: batch.length, inserts };
      }
    },
  };
}
