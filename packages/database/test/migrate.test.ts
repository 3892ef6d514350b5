import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type EmbeddedPostgres,
  markRolledBack,
  migrate,
  migrationDrift,
  newMigration,
  startTemporaryPostgres,
  withClient,
} from '../src/index.ts';
import { temporaryFolder, writeMigration, writeSchema, writeSchemaFolder } from './helpers.ts';

/** With all that our migrations have and Prisma's schema cannot say, and a semicolon where a splitter trips. */
const INIT = `
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE "notes" (
  "id" UUID NOT NULL,
  "title" TEXT NOT NULL,
  "stars" INTEGER NOT NULL DEFAULT 0,
  "search" tsvector GENERATED ALWAYS AS (to_tsvector('english', "title")) STORED,
  CONSTRAINT "notes_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "notes_search_idx" ON "notes" USING GIN ("search");
CREATE INDEX "notes_title_trgm_idx" ON "notes" USING GIN ("title" gin_trgm_ops);
CREATE INDEX "notes_lower_title_idx" ON "notes" (lower("title"));
CREATE INDEX "notes_starred_idx" ON "notes" ("stars") WHERE "stars" > 0;
ALTER TABLE "notes" ADD CONSTRAINT "notes_stars" CHECK ("stars" >= 0);
CREATE FUNCTION one() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN PERFORM 'a;b'; RETURN 1; END; $$;
`;

const MODEL = `model Note {
  id     String                   @id @db.Uuid
  title  String
  stars  Int                      @default(0)
  search Unsupported("tsvector")? @default(dbgenerated())

  @@index([search], type: Gin)
  @@index([title(ops: raw("gin_trgm_ops"))], type: Gin, map: "notes_title_trgm_idx")
  @@map("notes")
}`;

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

/** A schema folder of one migration, and a database for it. */
async function notes(name: string, models = MODEL) {
  const schemaDir = await writeSchemaFolder(join(folder, name), {
    models,
    migrations: { '20260101000000_init': INIT },
  });
  return { schemaDir, url: server.url(name) };
}

describe('migrate', () => {
  it('creates the database, applies every migration once, and says which', async () => {
    const database = await notes('fresh');
    expect(await migrate(database)).toEqual({ applied: ['20260101000000_init'] });
    expect(await migrate(database)).toEqual({ applied: [] });

    await writeMigration(
      database.schemaDir,
      '20260102000000_more',
      'ALTER TABLE "notes" ADD COLUMN "body" TEXT;',
    );
    expect(await migrate(database)).toEqual({ applied: ['20260102000000_more'] });

    const { rows } = await withClient(database.url, (client) =>
      client.query('SELECT migration_name, applied_steps_count FROM _prisma_migrations ORDER BY started_at'),
    );
    expect(rows).toEqual([
      { migration_name: '20260101000000_init', applied_steps_count: 1 },
      { migration_name: '20260102000000_more', applied_steps_count: 1 },
    ]);
  });

  it('lets several migrate at once: each migration is applied by one of them', async () => {
    const database = await notes('at_once');
    const results = await Promise.all([migrate(database), migrate(database), migrate(database)]);
    expect(results.flatMap(({ applied }) => applied)).toEqual(['20260101000000_init']);
  });

  it('makes the queue of jobs as well, once, and leaves what is in it', async () => {
    const database = await notes('queue');
    await Promise.all([migrate(database), migrate(database)]);
    await withClient(database.url, (client) => client.query("SELECT graphile_worker.add_job('note', '{}')"));
    await migrate(database);
    const { rows } = await withClient(database.url, (client) =>
      client.query(`SELECT (SELECT count(*)::int FROM graphile_worker.jobs) AS jobs,
        (SELECT count(*)::int FROM job_workers.heartbeats) AS heartbeats`),
    );
    expect(rows).toEqual([{ jobs: 1, heartbeats: 0 }]);
  });

  it('keeps waiting for one that creates an index concurrently', async () => {
    const database = await notes('concurrently');
    await writeMigration(
      database.schemaDir,
      '20260102000000_index',
      'CREATE INDEX CONCURRENTLY "notes_stars_idx" ON "notes" ("stars");',
    );
    const results = await Promise.all([migrate(database), migrate(database)]);
    expect(results.flatMap(({ applied }) => applied)).toEqual([
      '20260101000000_init',
      '20260102000000_index',
    ]);
  });

  it('names file, line and reason of a migration that fails, takes it back, and goes on when it is mended', async () => {
    const database = await notes('failing');
    const name = '20260102000000_bad';
    const bad = 'ALTER TABLE "notes" ADD COLUMN "colour" TEXT;\n\nALTER TABLE "nots" ADD COLUMN "x" TEXT;';
    await writeMigration(database.schemaDir, name, bad);
    const file = join(database.schemaDir, 'migrations', name, 'migration.sql');

    await expect(migrate(database)).rejects.toMatchObject({
      name: 'StartupError',
      message: `${file} failed: relation "nots" does not exist; its changes were taken back: mend it, then run npm run db:migrate -- failing --rolled-back ${name}`,
    });
    await expect(migrate(database)).rejects.toMatchObject({
      name: 'StartupError',
      message: `${file} failed earlier; mend it, then run npm run db:migrate -- failing --rolled-back ${name}`,
    });

    await expect(markRolledBack(database, '20260101000000_init')).rejects.toThrow(
      /no migration .* is recorded as failed/,
    );
    await markRolledBack(database, name);
    await writeMigration(database.schemaDir, name, 'ALTER TABLE "notes" ADD COLUMN "colour" TEXT;');
    expect(await migrate(database)).toEqual({ applied: [name] });
  });

  it('gives the line of a syntax error', async () => {
    const database = await notes('syntax');
    await writeMigration(
      database.schemaDir,
      '20260102000000_bad',
      '-- emoji 🎁\nSELECT 1;\nCREATE TABEL "x" ();',
    );
    await expect(migrate(database)).rejects.toThrow(
      /migration\.sql:3 failed: syntax error at or near "TABEL"/,
    );
  });

  it('refuses a history whose applied migration was edited', async () => {
    const database = await notes('edited');
    await migrate(database);
    await writeMigration(database.schemaDir, '20260101000000_init', `${INIT}\nSELECT 1;`);
    await expect(migrate(database)).rejects.toMatchObject({
      name: 'StartupError',
      message: expect.stringMatching(
        /20260101000000_init.migration\.sql was edited after it had been applied/,
      ),
    });
  });
});

describe('newMigration', () => {
  it('finds nothing to write when the schema has not changed, whatever Prisma cannot say', async () => {
    const { schemaDir } = await notes('unchanged');
    const shadowUrl = server.url('postgres');
    expect(await migrationDrift({ schemaDir, shadowUrl })).toBe('');
    expect(await newMigration({ schemaDir, shadowUrl, name: 'nothing' })).toBeNull();
  });

  it('writes the difference and nothing else; after it, there is none', async () => {
    const database = await notes('changed');
    const shadowUrl = server.url('postgres');
    await writeSchema(database.schemaDir, MODEL.replace('stars  Int ', 'author String?\n  stars  Int '));
    expect(await migrationDrift({ ...database, shadowUrl })).toBe(
      '-- AlterTable\nALTER TABLE "notes" ADD COLUMN     "author" TEXT;\n',
    );

    const file = await newMigration({ ...database, shadowUrl, name: 'add_author' });
    expect(file).toMatch(/migrations.\d{14}_add_author.migration\.sql$/);
    expect(await migrationDrift({ ...database, shadowUrl })).toBe('');
    expect((await migrate(database)).applied).toHaveLength(2);
  });

  it('writes the first migration of a new schema, and drops its shadow database', async () => {
    const schemaDir = await writeSchemaFolder(join(folder, 'first'), {
      models: 'model Gift {\n  id Int @id\n}',
    });
    const shadowUrl = server.url('postgres');
    await newMigration({ schemaDir, shadowUrl, name: 'init' });
    expect(await migrationDrift({ schemaDir, shadowUrl })).toBe('');
    const { rows } = await withClient(shadowUrl, (client) =>
      client.query("SELECT datname FROM pg_database WHERE datname LIKE 'shadow%'"),
    );
    expect(rows).toEqual([]);
  });

  it('says in one line what is wrong with a schema, or with a migration', async () => {
    const shadowUrl = server.url('postgres');
    const broken = await notes('broken_schema', 'model Note {\n  id Strin @id\n}');
    await expect(migrationDrift({ ...broken, shadowUrl })).rejects.toMatchObject({
      name: 'StartupError',
      message: expect.stringMatching(/^[^\n]*broken_schema: [^\n]*Strin[^\n]*$/),
    });
    const failing = await notes('broken_migration');
    await writeMigration(failing.schemaDir, '20260102000000_bad', 'DROP TABLE "nothing";');
    await expect(migrationDrift({ ...failing, shadowUrl })).rejects.toThrow('table "nothing" does not exist');
  });
});
