import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { DATABASES, type Database } from '../seed/index.ts';
import { change, count, createDatabases, dropDatabases } from './databases.ts';

const SUBJECT = '01990000-0000-7000-8000-000000000001';

let urls: Record<Database, string>;
beforeAll(async () => {
  urls = await createDatabases();
  for (const database of DATABASES) {
    await change(
      urls[database],
      `INSERT INTO audit_log (action, subject_type, subject_id, request_id) VALUES ('a', 'User', '${SUBJECT}', 'r')`,
    );
  }
});
afterAll(() => dropDatabases(urls));

const CHANGES = [
  ['UPDATE', "UPDATE audit_log SET action = 'b'"],
  ['UPDATE of nothing', "UPDATE audit_log SET action = 'b' WHERE false"],
  ['DELETE', 'DELETE FROM audit_log'],
  ['TRUNCATE', 'TRUNCATE audit_log'],
  ['UPDATE as a replica would', "SET session_replication_role = replica; UPDATE audit_log SET action = 'b'"],
];

it.each(DATABASES.flatMap((database) => CHANGES.map(([name, sql]) => [database, name, sql] as const)))(
  'the audit log of %s refuses %s, even by its owner',
  async (database, _name, sql) => {
    await expect(withClient(urls[database], (client) => client.query(String(sql)))).rejects.toThrow(
      'audit_log is append-only',
    );
    expect(await count(urls[database], 'audit_log')).toBe(1);
  },
);
