import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { type EmbeddedPostgres, migrate, REPOSITORY, startTemporaryPostgres } from '../src/index.ts';
import { migrationProblems } from '../src/migrations/safety/index.ts';
import { temporaryFolder, writeMigration, writeSchemaFolder } from './helpers.ts';
import { type Release, type Writers, writers } from './support/writers.ts';

/** The statements of docs/migrations.md, by the word after `sql`. */
const steps = new Map<string, string>();
const step = (name: string) => steps.get([...steps.keys()].find((key) => key.endsWith(name)) ?? '') ?? '';

const BEFORE = `
CREATE TABLE people (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, full_name text NOT NULL);
INSERT INTO people (full_name) SELECT 'person ' || n FROM generate_series(1, 450) n;
`;

/** Code of before and after: neither knows the other's column. */
const release = (column: string): Release => ({
  add: `INSERT INTO people (${column}) VALUES ($1) RETURNING id`,
  append: `UPDATE people SET ${column} = ${column} || $2 WHERE id = $1`,
  read: `SELECT id, ${column} AS name FROM people ORDER BY id`,
});
const OLD = release('full_name');
const NEW = release('display_name');

let server: EmbeddedPostgres;
let folder: string;
let pool: pg.Pool;
let code: Writers;

beforeAll(async () => {
  server = await startTemporaryPostgres();
  folder = await temporaryFolder();
  const text = await readFile(join(REPOSITORY, 'docs/migrations.md'), 'utf8');
  for (const [, name = '', sql = ''] of text.matchAll(/^```sql (\w+)\n([\s\S]*?)^```$/gm))
    steps.set(name, sql);
});
afterAll(async () => {
  await code?.stop();
  await pool?.end();
  await server.stop();
  await rm(folder, { recursive: true });
});

it('keeps old and new code working at every step, and loses no write', async () => {
  const schemaDir = await writeSchemaFolder(join(folder, 'people'), { models: '' });
  const url = server.url('people');
  const apply = async (name: string, sql: string) => {
    await writeMigration(schemaDir, name, sql);
    expect(await migrate({ schemaDir, url })).toEqual({ applied: [name] });
    await code?.haveWritten();
  };
  /** While everybody writes. */
  const applyStep = async (name: string) => {
    const [key = ''] = [...steps.keys()].filter((known) => known.endsWith(name));
    await apply(key, step(name));
  };
  await apply('20260101000000_before', BEFORE);
  pool = new pg.Pool({ connectionString: url, max: 8 });
  code = writers(pool);

  code.start('old', OLD);
  await code.haveWritten();
  await applyStep('_expand');
  let filled = 0;
  for (let rows: number | null = null; rows !== 0; filled += rows ?? 0) {
    ({ rowCount: rows } = await pool.query(step('backfill')));
  }
  expect(filled).toBeGreaterThan(100);
  await code.expectNothingLost(OLD, NEW);

  code.start('new', NEW);
  await code.haveWritten();
  for (const name of ['_never_null', '_never_null_valid', '_not_null', '_index']) {
    await applyStep(name);
    await code.expectNothingLost(OLD, NEW);
  }

  await code.stop('old');
  await code.expectNothingLost(OLD, NEW); // and the release may be taken back
  await applyStep('_contract');
  await code.expectNothingLost(NEW);
  await code.stop();

  const { rows: columns } = await pool.query(
    "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = 'people' ORDER BY 1",
  );
  expect(columns).toEqual([
    { column_name: 'display_name', is_nullable: 'NO' },
    { column_name: 'id', is_nullable: 'NO' },
  ]);
  expect(await migrationProblems(schemaDir)).toEqual([]);
});
