import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JobContext } from '@tributary/jobs';
import { createLogger, createMetrics, type Registry } from '@tributary/platform';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import pg from 'pg';
import { pruneTable } from '../src/database/retention/prune-table.ts';
import { createEvictions, createRetention, RETENTION_TASK, type RetainedTable } from '../src/index.ts';

const logger = createLogger({ name: 'retention', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
const notes: RetainedTable = {
  table: 'notes',
  key: ['id'],
  since: 'written_at',
  where: 'NOT in_use',
  evicts: 'Note',
  days: 10,
  setting: 'NOTE_RETENTION_DAYS',
};

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase('orders');
  client = new pg.Client(database.url);
  await client.connect();
  await client.query(`
    CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), written_at timestamptz, in_use boolean DEFAULT false);
    CREATE TABLE pages (note_id uuid REFERENCES notes ON DELETE RESTRICT);
    CREATE TABLE tries (key text PRIMARY KEY, over bigint)`);
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});
beforeEach(() => client.query('TRUNCATE notes, pages, tries; DELETE FROM graphile_worker._private_jobs'));

/** Writes notes that are so old. */
const write = async (days: number, count = 1, inUse = false) =>
  (
    await client.query<{ id: string }>(
      `INSERT INTO notes (written_at, in_use)
       SELECT now() - make_interval(days => $1), $3 FROM generate_series(1, $2) RETURNING id`,
      [days, count, inUse],
    )
  ).rows.map(({ id }) => id);
const left = async () =>
  (await client.query<{ id: string }>('SELECT id FROM notes')).rows.map(({ id }) => id);

interface PruneOptions {
  tables?: RetainedTable[];
  signal?: AbortSignal;
  metrics?: Registry;
}

/** What one process does when the job is due. */
async function prune({
  tables = [notes],
  signal = new AbortController().signal,
  metrics = createMetrics('x'),
}: PruneOptions = {}): Promise<void> {
  const { tasks } = createRetention({
    url: database.url,
    tables,
    evictions: createEvictions(true),
    logger,
    metrics,
    batch: 10,
  });
  const job: JobContext = { id: '1', attempt: 1, lastAttempt: false, signal, logger };
  await tasks[RETENTION_TASK]?.(null, job);
}

describe('what is over its time', () => {
  it('is deleted with what belongs to it, and nothing else is', async () => {
    const old = await write(11, 25);
    const kept = [...(await write(9)), ...(await write(100, 1, true))];
    await client.query('INSERT INTO pages SELECT id FROM notes');
    await client.query('INSERT INTO tries VALUES ($1, $2), ($3, $4), ($5, NULL)', [
      ...['over', Date.now() - 1_000],
      ...['counts', Date.now() + 60_000],
      'for ever',
    ]);
    await prune({
      tables: [
        { ...notes, dependents: [{ table: 'pages', column: 'note_id' }] },
        { table: 'tries', key: ['key'], since: 'over', clock: 'milliseconds', days: 0, setting: 'TRIES' },
      ],
    });
    expect((await left()).sort()).toEqual(kept.sort());
    expect((await client.query('SELECT FROM pages')).rowCount).toBe(2);
    expect((await client.query('SELECT key FROM tries ORDER BY key')).rows).toEqual([
      { key: 'counts' },
      { key: 'for ever' },
    ]);
    const evicted = await client.query<{ ids: string[] }>(
      `SELECT ARRAY(SELECT jsonb_array_elements_text(payload::jsonb->'entities'->'Note')) AS ids
       FROM graphile_worker._private_jobs`,
    );
    expect(evicted.rows.map(({ ids }) => ids.length)).toEqual([10, 10, 5]);
    expect(evicted.rows.flatMap(({ ids }) => ids).sort()).toEqual(old.sort());
  });

  it('is deleted once by several processes, which wait for no writer', async () => {
    await write(11, 200);
    const [wanted = ''] = await write(300);
    const metrics = [createMetrics('a'), createMetrics('b')];
    await client.query('BEGIN');
    await client.query('UPDATE notes SET written_at = now() WHERE id = $1', [wanted]);
    try {
      await Promise.all(metrics.map((registry) => prune({ metrics: registry })));
    } finally {
      await client.query('COMMIT');
    }
    expect(await left()).toEqual([wanted]);
    const counts = await Promise.all(
      metrics.map(
        async (registry) =>
          (await registry.getSingleMetric('db_retention_deleted_rows_total')?.get())?.values[0]?.value ?? 0,
      ),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(200);
    await prune();
    expect(await left()).toEqual([wanted]);
  });

  it('waits for the next time when the process is told to end, between two batches', async () => {
    await write(11, 25);
    const stopping = new AbortController();
    await pruneTable(client, notes, {
      evictions: createEvictions(true),
      signal: stopping.signal,
      onBatch: () => stopping.abort(),
      batch: 10,
    });
    expect(await left()).toHaveLength(15);
    await prune({ signal: stopping.signal });
    expect(await left()).toHaveLength(15);
    await prune();
    expect(await left()).toEqual([]);
  });

  it('is deleted where another table cannot be, and the job fails', async () => {
    await write(11);
    const missing = { ...notes, table: 'gone_with_the_release', setting: 'X' };
    await expect(prune({ tables: [missing, notes] })).rejects.toThrow('gone_with_the_release');
    expect(await left()).toEqual([]);
  });
});

it('shows how old the oldest row is that may be deleted, and at which age it is', async () => {
  await write(100, 1, true);
  await write(5);
  const metrics = createMetrics('figures');
  await prune({ metrics });
  const text = await metrics.metrics();
  const age = Number(/^db_retention_oldest_row_seconds\{.*table="notes".*\} (\S+)$/m.exec(text)?.[1]);
  expect(Math.round(age / 86_400)).toBe(5);
  expect(text).toMatch(/^db_retention_seconds\{.*table="notes".*\} 864000$/m);
});
