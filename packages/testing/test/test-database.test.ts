import { afterAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { createTestDatabase, type TestDatabase } from '../src/index.ts';

describe('createTestDatabase', () => {
  const made: TestDatabase[] = [];
  const make = async (...args: Parameters<typeof createTestDatabase>) => {
    const database = await createTestDatabase(...args);
    made.push(database);
    return database;
  };
  afterAll(() => Promise.all(made.map((database) => database.drop())));
  const count = (url: string) =>
    withClient(url, async (client) =>
      Number((await client.query('SELECT count(*) FROM users')).rows[0].count),
    );
  const insert = (url: string) =>
    withClient(url, async (client) => {
      await client.query(
        `INSERT INTO users (id, email, display_name, updated_at) VALUES (gen_random_uuid(), 'a@example.com', 'A', now())`,
      );
    });

  it('gives each caller a migrated database of their own, also at the same moment', async () => {
    const [one, two] = await Promise.all([make('users'), make('users')]);
    await insert(one.url);
    expect(await count(one.url)).toBe(1);
    expect(await count(two.url)).toBe(0);
  });

  it('seeds once for all databases of one key', async () => {
    let seeded = 0;
    const seed = {
      key: 'one user',
      run: async (url: string) => {
        seeded += 1;
        await insert(url);
      },
    };
    const [one, two] = [await make('users', { seed }), await make('users', { seed })];
    expect([await count(one.url), await count(two.url), seeded]).toEqual([1, 1, 1]);
  });

  it('drops a database that is still connected to', async () => {
    const database = await make('orders');
    await withClient(database.url, async (client) => {
      client.on('error', () => undefined);
      await database.drop();
    });
    await expect(withClient(database.url, async () => undefined)).rejects.toThrow('does not exist');
  });
});
