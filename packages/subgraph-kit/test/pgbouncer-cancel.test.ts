import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithProgram, type PgBouncer, startPgBouncer } from '@tributary/testing';
import pg from 'pg';
import { sendCancelRequest } from '../src/database/cancel-request.ts';

const ROUNDS = 100;
const server = process.env.TEST_POSTGRES_URL as string;

describeWithProgram('pgbouncer', '--version', 'a cancel request by way of PgBouncer', () => {
  let bouncer: PgBouncer;
  let url: string;
  beforeAll(async () => {
    // One connection to PostgreSQL for all clients: a request that comes late finds the statement of somebody else there.
    bouncer = await startPgBouncer(server, 1);
    url = bouncer.wayTo(server);
  });
  afterAll(() => bouncer?.stop());

  it('ends a statement, and its connection goes on', async () => {
    const [client, watcher] = [await connected(url), await connected(server)];
    const slow = client.query('SELECT pg_sleep(60)').catch((error: { code: string }) => error.code);
    const runs = async () =>
      (await watcher.query(`SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'`)).rowCount ===
      1;
    while (!(await runs())) await pause(10);
    expect(await sendCancelRequest(client)).toBe(true);
    expect(await slow).toBe('57014');
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await Promise.all([client.end(), watcher.end()]);
  });

  it(`never ends the statement of another client, ${ROUNDS} times at the last moment`, async () => {
    const [mine, other] = [await connected(url), await connected(url)];
    for (let round = 0; round < ROUNDS; round += 1) {
      const short = mine.query('SELECT pg_sleep($1)', [(round % 10) / 10_000]).then(
        () => 'done',
        ({ code }: { code: string }) => (code === '57014' ? 'cancelled' : code),
      );
      const next = other.query('SELECT pg_sleep(0.002), $1::int AS round', [round]);
      const passedOn = sendCancelRequest(mine);
      expect(['done', 'cancelled']).toContain(await short);
      expect((await next).rows[0].round).toBe(round);
      expect(await passedOn).toBe(true);
    }
    await Promise.all([mine.end(), other.end()]);
  });
});

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
