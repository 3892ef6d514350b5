import { type Dataset, ranges } from '../../seed/dataset.ts';
import { insertInto } from '../../seed/table.ts';
import { demoCredentials } from './credentials.ts';
import type { Person } from './people.ts';
import { addresses, credentials, users } from './tables.ts';

/** What goes into the users database. @param demoPasswords - whether the demo accounts can sign in */
export function usersDataset(people: readonly Person[], demoPasswords: boolean): Dataset {
  return {
    database: 'users',
    tables: [users.name, credentials.name, addresses.name],
    size: people.length,
    *batches() {
      for (const { start, end } of ranges(people.length)) {
        const batch = people.slice(start, end);
        const inserts = [
          insertInto(
            users,
            batch.map((person) => person.user),
          ),
          insertInto(credentials, demoPasswords ? demoCredentials(batch) : []),
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
