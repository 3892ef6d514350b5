import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  type EmbeddedPostgres,
  markRolledBack,
  migrate,
  migrationDrift,
  startTemporaryPostgres,
  withClient,
} from '../src/index.ts';
import { temporaryFolder, writeMigration, writeSchemaFolder } from './helpers.ts';

const MODEL = `model Note {
  id    Int    @id
  title String

  @@index([title])
  @@map("notes")
}`;
const INIT = `CREATE TABLE notes (id integer NOT NULL, title text NOT NULL, CONSTRAINT notes_pkey PRIMARY KEY (id));
INSERT INTO notes VALUES (1, 'same'), (2, 'same');`;
const INDEX = '-- The only statement.\nCREATE INDEX CONCURRENTLY notes_title_idx ON notes (title);';

let server: EmbeddedPostgres;
let folder: string;

beforeAll(async () => {
  server = await startTemporaryPostgres();
  folder = await temporaryFolder();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** A database with one table, and its folder of migrations. */
async function notes(name: string) {
  const schemaDir = await writeSchemaFolder(join(folder, name), {
    models: MODEL,
    migrations: { '1_init': INIT },
  });
  const url = server.url(name);
  await migrate({ schemaDir, url });
  return { schemaDir, url };
}

const query = (url: string, sql: string) => withClient(url, async (client) => (await client.query(sql)).rows);
const INDEXES = `SELECT i.indexrelid::regclass::text AS name, i.indisvalid AS valid FROM pg_index i
  WHERE i.indrelid = 'notes'::regclass AND NOT i.indisprimary`;

it('builds an index CONCURRENTLY, also when several processes migrate at once', async () => {
  const database = await notes('concurrently');
  await writeMigration(database.schemaDir, '2_index', INDEX);
  const outcomes = await Promise.all([migrate(database), migrate(database), migrate(database)]);
  expect(outcomes.flatMap(({ applied }) => applied)).toEqual(['2_index']);
  expect(await query(database.url, INDEXES)).toEqual([{ name: 'notes_title_idx', valid: true }]);
  expect(await migrationDrift({ schemaDir: database.schemaDir, shadowUrl: database.url })).toBe('');
});

it('refuses CONCURRENTLY next to another statement, and leaves nothing', async () => {
  const database = await notes('not_alone');
  await writeMigration(database.schemaDir, '2_index', `SELECT 1;\n${INDEX}`);
  await expect(migrate(database)).rejects.toThrow(/CONCURRENTLY cannot .*transaction block/);
  expect(await query(database.url, INDEXES)).toEqual([]);
});

it('has an index tried again after its invalid rest was dropped', async () => {
  const database = await notes('invalid');
  await writeMigration(database.schemaDir, '2_index', INDEX.replace('INDEX', 'UNIQUE INDEX'));
  await expect(migrate(database)).rejects.toThrow(/could not create unique index/);
  expect(await query(database.url, INDEXES)).toEqual([{ name: 'notes_title_idx', valid: false }]);

  await query(database.url, 'DELETE FROM notes WHERE id = 2');
  await query(database.url, 'DROP INDEX CONCURRENTLY notes_title_idx');
  await markRolledBack(database, '2_index');
  expect(await migrate(database)).toEqual({ applied: ['2_index'] });
  expect(await query(database.url, INDEXES)).toEqual([{ name: 'notes_title_idx', valid: true }]);
});

it('gives up after lock_timeout, changes nothing, and is tried again', async () => {
  const database = await notes('locked');
  const sql = `SET LOCAL lock_timeout = '50ms';
CREATE TABLE tags (id integer);
ALTER TABLE notes ADD COLUMN stars integer;`;
  await writeMigration(database.schemaDir, '2_stars', sql);
  await withClient(database.url, async (reader) => {
    await reader.query('BEGIN');
    await reader.query('SELECT FROM notes');
    await expect(migrate(database)).rejects.toThrow(/2_stars.*lock timeout.*--rolled-back 2_stars$/s);
    await reader.query('SELECT FROM notes');
    await reader.query('COMMIT');
  });
  expect(await query(database.url, "SELECT to_regclass('tags') AS tags")).toEqual([{ tags: null }]);

  await writeMigration(
    database.schemaDir,
    '3_timeout',
    "CREATE TABLE timeouts AS SELECT current_setting('lock_timeout') AS lock",
  );
  await markRolledBack(database, '2_stars');
  expect(await migrate(database)).toEqual({ applied: ['2_stars', '3_timeout'] });
  expect(await query(database.url, 'SELECT lock FROM timeouts')).toEqual([{ lock: '0' }]); // it was LOCAL
});
