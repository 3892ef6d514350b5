import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY, repositoryDatabases } from '../src/index.ts';
import { landedMigrations, migrationProblems, RULES } from '../src/migrations/safety/index.ts';
import { withFolder, writeSchemaFolder } from './helpers.ts';

const WAIT = "SET LOCAL lock_timeout = '3s';";

/** The rules that migrations of one database break, each with the name of the migration and the line. */
const broken = (migrations: Record<string, string>, landed: string[] = []) =>
  withFolder(async (folder) => {
    const schemaDir = await writeSchemaFolder(join(folder, 'shop'), { models: '', migrations });
    const problems = await migrationProblems(schemaDir, landed);
    return problems.map(({ file, line, rule }) => `${file.split('/').at(-2)}:${line} ${rule}`);
  });

/** The rules that one migration breaks. */
const rulesBroken = async (sql: string) =>
  (await broken({ new: sql })).map((problem) => problem.split(' ')[1]);

describe('a migration without downtime', () => {
  it.each([
    ['create-index', 'CREATE INDEX i ON orders (note)'],
    ['create-index', 'CREATE UNIQUE INDEX i ON shop.orders (note) WHERE note IS NOT NULL'],
    ['drop-index', 'DROP INDEX i'],
    ['add-not-null-column', `${WAIT} ALTER TABLE orders ADD COLUMN note text NOT NULL`],
    ['rewriting-column', `${WAIT} ALTER TABLE orders ADD COLUMN k uuid DEFAULT gen_random_uuid()`],
    ['rewriting-column', `${WAIT} ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT clock_timestamp()`],
    ['rewriting-column', `${WAIT} ALTER TABLE orders ADD COLUMN k bigserial`],
    ['rewriting-column', `${WAIT} ALTER TABLE orders ADD k int GENERATED ALWAYS AS IDENTITY`],
    ['rewriting-column', `${WAIT} ALTER TABLE orders ADD k int GENERATED ALWAYS AS (a + 1) STORED`],
    ['change-type', `${WAIT} ALTER TABLE orders ALTER COLUMN note TYPE varchar(9)`],
    ['set-not-null', `${WAIT} ALTER TABLE orders ALTER COLUMN note SET NOT NULL`],
    ['add-constraint', `${WAIT} ALTER TABLE orders ADD CONSTRAINT c CHECK (note <> '')`],
    ['add-constraint', `${WAIT} ALTER TABLE orders ADD CONSTRAINT c NOT NULL note`],
    ['add-constraint', `${WAIT} ALTER TABLE orders ADD FOREIGN KEY (cart) REFERENCES carts`],
    ['add-constraint', `${WAIT} ALTER TABLE orders ADD COLUMN cart uuid REFERENCES carts`],
    ['add-unique', `${WAIT} ALTER TABLE orders ADD CONSTRAINT c UNIQUE (note)`],
    ['add-unique', `${WAIT} ALTER TABLE orders ADD PRIMARY KEY (id)`],
    ['add-unique', `${WAIT} ALTER TABLE orders ADD COLUMN note text UNIQUE`],
    ['drop', `${WAIT} ALTER TABLE orders DROP COLUMN note`],
    ['drop', `${WAIT} DROP TABLE IF EXISTS orders`],
    ['drop', 'DROP FUNCTION place(uuid)'],
    ['drop', 'DROP TYPE mood'],
    ['rename', `${WAIT} ALTER TABLE orders RENAME COLUMN note TO remark`],
    ['rename', `${WAIT} ALTER TABLE orders RENAME TO purchases`],
    ['rename', "ALTER TYPE mood RENAME VALUE 'OK' TO 'FINE'"],
    ['unbounded-write', "UPDATE orders SET note = ''"],
    ['unbounded-write', "DELETE FROM orders WHERE note = ''"],
    ['unbounded-write', 'WITH gone AS (DELETE FROM orders RETURNING id) SELECT count(*) FROM gone'],
    ['unbounded-write', `${WAIT} TRUNCATE orders`],
    ['lock-table', `${WAIT} LOCK TABLE orders IN SHARE MODE`],
    ['rewrite-table', 'VACUUM FULL orders'],
    ['rewrite-table', 'CLUSTER orders'],
    ['rewrite-table', 'REINDEX TABLE orders'],
    ['rewrite-table', `${WAIT} ALTER TABLE orders SET UNLOGGED`],
    ['do-block', 'DO $$ BEGIN DELETE FROM orders; END $$'],
    ['do-block', 'CALL tidy_up()'],
    ['lock-timeout', 'ALTER TABLE orders ADD COLUMN note text'],
    ['lock-timeout', "SET lock_timeout = '3s'; ALTER TABLE orders ADD COLUMN note text"],
    ['lock-timeout', 'SET LOCAL lock_timeout = 0; ALTER TABLE orders ADD COLUMN note text'],
    ['lock-timeout', 'CREATE TRIGGER t AFTER INSERT ON orders EXECUTE FUNCTION tell()'],
    ['lock-timeout', 'DROP TRIGGER t ON orders'],
    ['lock-timeout', 'CREATE TABLE notes (id uuid REFERENCES orders)'],
    ['lock-timeout', 'CREATE TABLE may PARTITION OF orders DEFAULT'],
    ['concurrently-alone', `${WAIT} CREATE INDEX CONCURRENTLY i ON orders (note)`],
    ['concurrently-alone', 'SELECT 1; DROP INDEX CONCURRENTLY i'],
    ['concurrently-alone', 'SELECT 1; REINDEX TABLE CONCURRENTLY orders'],
    ['concurrently-alone', 'SELECT 1; ALTER TABLE orders DETACH PARTITION may CONCURRENTLY'],
    ['concurrently-if-not-exists', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON orders (note)'],
    ['transaction-control', 'BEGIN; COMMIT'],
  ])('breaks %s: %s', async (rule, sql) => {
    expect(new Set(await rulesBroken(sql))).toEqual(new Set([rule]));
  });

  it.each([
    'CREATE INDEX CONCURRENTLY i ON orders (note)',
    'DROP INDEX CONCURRENTLY i',
    'ALTER TABLE orders DETACH PARTITION may CONCURRENTLY',
    `${WAIT} ALTER TABLE orders ADD COLUMN note text`,
    `${WAIT} ALTER TABLE orders ADD COLUMN note text NOT NULL DEFAULT ''`,
    `${WAIT} ALTER TABLE orders ADD COLUMN at timestamptz NOT NULL DEFAULT now()`,
    `${WAIT} ALTER TABLE orders ADD COLUMN at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP`,
    `${WAIT} ALTER TABLE orders ADD COLUMN d jsonb NOT NULL DEFAULT '{}'::jsonb`,
    `${WAIT} ALTER TABLE orders ADD CONSTRAINT c CHECK (note <> '') NOT VALID`,
    `${WAIT} ALTER TABLE orders ADD CONSTRAINT c FOREIGN KEY (cart) REFERENCES carts NOT VALID`,
    `${WAIT} ALTER TABLE orders ADD CONSTRAINT c UNIQUE USING INDEX i`,
    `${WAIT} ALTER TABLE orders ALTER COLUMN note DROP NOT NULL, ALTER COLUMN note SET DEFAULT ''`,
    "ALTER TYPE mood ADD VALUE 'FINE'",
    "UPDATE orders SET note = '' WHERE id IN (SELECT id FROM orders WHERE note IS NULL LIMIT 100)",
    'CREATE FUNCTION tidy() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM orders; END',
    'CREATE TABLE notes (id int PRIMARY KEY, n serial); CREATE INDEX i ON notes (n); ALTER TABLE notes ADD m int NOT NULL',
    'CREATE TABLE notes AS SELECT 1 AS n; UPDATE notes SET n = 2; DROP TABLE notes',
  ])('may do this: %s', async (sql) => {
    expect(await rulesBroken(sql)).toEqual([]);
  });

  it('knows from earlier migrations which columns are never null', async () => {
    const add = `${WAIT} ALTER TABLE orders ADD CONSTRAINT c CHECK (note IS NOT NULL) NOT VALID`;
    const validate = `${WAIT} ALTER TABLE orders VALIDATE CONSTRAINT c`;
    const set = `${WAIT} ALTER TABLE orders ALTER COLUMN note SET NOT NULL, DROP CONSTRAINT c`;
    expect(await broken({ '1': add, '2': validate, '3': set })).toEqual([]);
    expect(await broken({ '1': add, '2': set })).toEqual(['2:1 set-not-null']);
    const other = set.replace('note', 'remark');
    expect(await broken({ '1': add, '2': validate, '3': other })).toEqual(['3:1 set-not-null']);
    const drop = `${WAIT} ALTER TABLE orders DROP CONSTRAINT c`;
    expect(await broken({ '1': add, '2': validate, '3': drop, '4': set })).toEqual(['4:1 set-not-null']);
    expect(await broken({ '1': `${add}; ${validate.replace(WAIT, '')}` })).toEqual(['1:1 validate-apart']);
  });

  it('says file, line, rule, reason and alternative, whatever comes before', async () => {
    const sql = `-- Ünïcode counts bytes\n${WAIT}\n\n/* two\nlines */\nALTER TABLE orders\n  DROP COLUMN note;`;
    const [problem] = await withFolder(async (folder) =>
      migrationProblems(
        await writeSchemaFolder(join(folder, 'shop'), { models: '', migrations: { new: sql } }),
      ),
    );
    expect(problem).toEqual({
      file: expect.stringMatching(/shop\/migrations\/new\/migration\.sql$/),
      line: 6,
      rule: 'drop',
      message: expect.stringMatching(/^orders\.note: code that is still running .*\. Instead: take it out/),
    });
    expect(await broken({ new: 'SELECT 1;\nALTER TABEL x;' })).toEqual(['new:2 syntax']);
  });
});

describe('a marker', () => {
  const DROP = `${WAIT}\n-- safe: drop: no release since May reads it\nALTER TABLE orders DROP COLUMN note;`;

  it('lets the statement right under it break the rule that it names', async () => {
    expect(await rulesBroken(DROP)).toEqual([]);
    expect(await rulesBroken(DROP.replace('ALTER', '-- More to say.\nALTER'))).toEqual([]);
    expect(await rulesBroken(DROP.replace(WAIT, ''))).toEqual(['lock-timeout']);
    expect(await rulesBroken(DROP.replace(WAIT, '-- safe: lock-timeout: the shop is not open yet'))).toEqual(
      [],
    );
  });

  it('is for one statement, and touches it', async () => {
    expect(await rulesBroken(`${DROP}\nALTER TABLE orders DROP COLUMN remark;`)).toEqual(['drop']);
    expect(await rulesBroken(DROP.replace('ALTER', '\nALTER'))).toEqual(['drop']);
    expect(await rulesBroken(`SELECT 1; -- safe: drop: at the end of another line\nDROP TYPE mood;`)).toEqual(
      ['drop'],
    );
  });

  it('has a rule and a reason, and is needed', async () => {
    expect(await rulesBroken(DROP.replace('drop:', 'dropping:'))).toEqual(['drop', 'marker']);
    expect(await rulesBroken(DROP.replace(/drop: .*/, 'drop'))).toEqual(['marker']);
    expect(await rulesBroken('-- safe: drop: nothing is dropped\nSELECT 1')).toEqual(['marker']);
  });
});

it('does not judge what has landed, by name', async () => {
  const migrations = { '1': 'DROP TYPE mood', '2': 'DROP TYPE mood' };
  expect(await broken(migrations, ['1', 'not_there'])).toEqual(['2:1 drop']);
});

it('finds nothing in the migrations of this repository', async () => {
  const landed = await landedMigrations(join(REPOSITORY, 'prisma'));
  for (const { name, schemaDir } of await repositoryDatabases()) {
    expect(await migrationProblems(schemaDir, landed[name])).toEqual([]);
  }
});

it('says of each rule why, and what to do instead', () => {
  for (const { why, instead } of Object.values(RULES)) {
    expect(why).toMatch(/^\w.*[^.]$/);
    expect(instead).toMatch(/^\w.*[^.]$/);
  }
});
