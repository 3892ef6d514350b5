import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withDatabase } from '@tributary/database';
import {
  DATABASES,
  type Database,
  type Dataset,
  makeDatasets,
  seedAll,
  seedDatabase,
} from '../seed/index.ts';
import {
  change,
  count,
  createDatabases,
  dropDatabases,
  fingerprint,
  ids,
  rowsOf,
  SERVER,
} from './databases.ts';

const SCALE = 0.05;
const EXPECTED = { users: 100, products: 50, product_variants: 200, inventory: 200, orders: 500 };

describe('the seed', () => {
  let urls: Record<Database, string>;

  beforeAll(async () => {
    urls = await createDatabases();
  });
  afterAll(() => dropDatabases(urls));

  it('fills three real databases, whose constraints accept every row', async () => {
    const progress: number[] = [];
    const summary = await seedAll({
      urls,
      scale: SCALE,
      onProgress: ({ done, total }) => progress.push(done / total),
    });
    const written = Object.assign({}, ...DATABASES.map((database) => summary[database].tables));
    for (const [table, rows] of Object.entries(EXPECTED)) expect(written[table].rows).toBe(rows);
    for (const database of DATABASES) {
      expect(summary[database].skipped).toBe(false);
      for (const [table, { rows }] of Object.entries(summary[database].tables)) {
        expect([table, await count(urls[database], table)]).toEqual([table, rows]);
      }
    }
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });

  it('leaves three databases that agree with each other', async () => {
    const users = await ids(urls.users, 'SELECT id FROM users');
    const variants = await ids(urls.products, 'SELECT id FROM product_variants');
    expectAll(
      await ids(urls.orders, 'SELECT user_id AS id FROM orders UNION SELECT user_id FROM carts'),
      users,
    );
    expectAll(
      await ids(urls.orders, 'SELECT actor_id AS id FROM order_events WHERE actor_id IS NOT NULL'),
      users,
    );
    const ordered = await ids(
      urls.orders,
      'SELECT variant_id AS id FROM order_lines UNION SELECT variant_id FROM cart_lines',
    );
    expectAll(ordered, variants);
  });

  it('leaves times as they were made, whatever the time zone of the machine', async () => {
    const [first] = await rowsOf(
      urls.users,
      "SELECT created_at AT TIME ZONE 'UTC' || '' AS at FROM users ORDER BY id LIMIT 1",
    );
    expect(first).toEqual({ at: '2024-09-01 08:00:00' });
  });

  it('leaves statistics for the planner', async () => {
    const sql = `SELECT s.relname FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
      WHERE last_analyze IS NOT NULL AND schemaname = 'public' AND NOT relispartition`;
    for (const [database, { tables }] of Object.entries(makeDatasets(SCALE)) as [Database, Dataset][]) {
      const analysed = (await rowsOf(urls[database], sql)).map(({ relname }) => String(relname));
      expect(analysed.sort()).toEqual([...tables].sort());
    }
  });

  it('does it once', async () => {
    await change(
      urls.users,
      "UPDATE users SET display_name = 'Changed' WHERE email = 'customer@example.com'",
    );
    const summary = await seedAll({ urls, scale: 1 });
    for (const database of DATABASES) expect(summary[database]).toMatchObject({ skipped: true, tables: {} });
    expect(await count(urls.users, 'users')).toBe(EXPECTED.users);
    expect(await rowsOf(urls.users, "SELECT 1 FROM users WHERE display_name = 'Changed'")).toHaveLength(1);
  });

  it('starts again when told to, and makes the same rows', async () => {
    const before = await fingerprint(urls.orders);
    await change(urls.orders, 'DELETE FROM orders WHERE id IN (SELECT id FROM orders LIMIT 100)');
    expect(await fingerprint(urls.orders)).not.toEqual(before);
    const summary = await seedAll({ urls, scale: SCALE, reset: true });
    for (const database of DATABASES) expect(summary[database].skipped).toBe(false);
    expect(await fingerprint(urls.orders)).toEqual(before);
    expect(await rowsOf(urls.users, "SELECT 1 FROM users WHERE display_name = 'Changed'")).toEqual([]);
  });
});

describe('a seed that does not go well', () => {
  let urls: Record<Database, string>;

  beforeAll(async () => {
    urls = await createDatabases();
  });
  afterAll(() => dropDatabases(urls));

  it('leaves nothing behind when it is interrupted, and can be run again', async () => {
    const dataset = makeDatasets(SCALE).products;
    const interrupted: Dataset = {
      ...dataset,
      *batches() {
        yield* dataset.batches();
        throw new Error('interrupted');
      },
    };
    await expect(seedDatabase({ url: urls.products, dataset: interrupted })).rejects.toThrow('interrupted');
    for (const table of dataset.tables) expect(await count(urls.products, table)).toBe(0);
    expect(await seedDatabase({ url: urls.products, dataset })).toMatchObject({ skipped: false });
  });

  it('leaves what was there when a reset is interrupted', async () => {
    const dataset = makeDatasets(SCALE).products;
    const broken: Dataset = {
      ...dataset,
      // The same category twice: PostgreSQL refuses it.
      *batches() {
        const [first] = dataset.batches();
        if (first) yield { size: 0, inserts: [...first.inserts, ...first.inserts] };
      },
    };
    await expect(seedDatabase({ url: urls.products, dataset: broken, reset: true })).rejects.toThrow(
      /duplicate key/,
    );
    expect(await count(urls.products, 'products')).toBe(EXPECTED.products);
  });

  it('waits for another one, and then finds its rows', async () => {
    const dataset = makeDatasets(SCALE).users;
    const summaries = await Promise.all([1, 2, 3].map(() => seedDatabase({ url: urls.users, dataset })));
    expect(summaries.filter(({ skipped }) => !skipped)).toHaveLength(1);
    expect(await count(urls.users, 'users')).toBe(EXPECTED.users);
  });

  it('says in one line which setting is wrong', async () => {
    const dataset = makeDatasets(SCALE).users;
    const seeded = (url: string) => seedDatabase({ url, dataset });
    const missing = withDatabase(SERVER, `missing_${randomUUID()}`);
    await expect(seeded('nonsense')).rejects.toThrow(/^USERS_DATABASE_URL: .*postgresql:\/\//);
    await expect(seeded(missing)).rejects.toThrow(/^USERS_DATABASE_URL: .* has no database "missing_/);
    await expect(seeded('postgresql://127.0.0.1:1/users')).rejects.toThrow(
      /^USERS_DATABASE_URL: .*ECONNREFUSED/,
    );
    await expect(seedAll({ urls, scale: 0 })).rejects.toThrow(/^--scale: /);
  });

  it('says what to do when the database has no tables', async () => {
    await change(urls.orders, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const dataset = makeDatasets(SCALE).orders;
    await expect(seedDatabase({ url: urls.orders, dataset })).rejects.toThrow(
      'the orders database has no tables yet; run `npm run db:migrate` first',
    );
  });
});

/** Every one of the ids is among those that exist, and there are some. */
function expectAll(used: ReadonlySet<string>, existing: ReadonlySet<string>): void {
  expect(used.size).toBeGreaterThan(0);
  expect([...used].filter((id) => !existing.has(id))).toEqual([]);
}
