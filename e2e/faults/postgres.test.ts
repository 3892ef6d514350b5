import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTemporaryPostgres, type TemporaryPostgres, withClient } from '@tributary/database';
import { type AnswerError, type NetworkFault, openTcpProxy, type TcpProxy } from '@tributary/testing';
import { until } from '../support/until.ts';
import { openShop, type Shop } from './shop.ts';

/** Milliseconds after the end of a fault by which everything works again by itself. */
const RECOVERY = 5_000;
const BUYERS = 10;
const CONNECTIONS = 10; // in the pool of each subgraph

/** Fields of all three subgraphs. */
const EVERYWHERE = `{
  viewer { displayName cart { lines { quantity } } }
  products(first: 1) { edges { node { title } } }
}`;
/** What a client may be told of a subgraph that cannot answer for the moment. */
const TEMPORARY = [
  'SERVICE_UNAVAILABLE',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_UNAVAILABLE',
  'SUBGRAPH_CIRCUIT_OPEN',
];
const SECRETS =
  /127\.0\.0\.1|localhost|:\d{4,5}|postgres|prisma|select|insert|\bpg\b|econn|terminat|node_modules/i;

let postgres: TemporaryPostgres;
let shop: Shop;
const ways: TcpProxy[] = [];

beforeAll(async () => {
  postgres = await startTemporaryPostgres({ synchronous_commit: 'on' });
  shop = await openShop({
    postgres: postgres.url('postgres'),
    async wayTo(database) {
      const way = await openTcpProxy(database);
      ways.push(way);
      return way.url;
    },
    subgraphs: { DATABASE_POOL_SIZE: String(CONNECTIONS), CACHE_INVALIDATION_URL: undefined },
    gateway: { GATEWAY_CONFIG: undefined }, // what is kept would be answered all the same
  });
}, 120_000);
afterAll(async () => {
  await shop?.stop();
  for (const way of ways) await way.block();
  await postgres?.stop();
});
afterEach(() => {
  shop.failures.length = 0;
});

const ask = () => shop.graph.ask(EVERYWHERE, { viewer: 'customer' });
const works = async () => (await ask()).errors === undefined;
const inject = (fault: NetworkFault | null) => {
  for (const way of ways) way.inject(fault);
};

/** Each is one to try again after, and tells nothing of what is behind. */
function expectTemporary(errors: readonly AnswerError[]): void {
  for (const error of errors) {
    expect(TEMPORARY).toContain(error.extensions?.code);
    expect(
      JSON.stringify({ ...error, extensions: { ...error.extensions, incident: 0, requestId: 0 } }),
    ).not.toMatch(SECRETS);
  }
}

/** Has a fault happen while buyers order; asserts all that holds after each. */
async function sellThrough(fault: () => Promise<void>): Promise<void> {
  const buyers = await shop.gather(BUYERS);
  const rush = shop.rush(buyers);
  await fault();
  await until(works, RECOVERY);
  await rush;
  expectTemporary(shop.failures);
  expect(await shop.audit()).toEqual([]);
}

describe('orders are each placed once, and all works again by itself, when PostgreSQL', () => {
  it.each(['fast', 'immediate'] as const)('is restarted (%s)', async (mode) => {
    const down: AnswerError[] = [];
    await sellThrough(() =>
      postgres.restart({
        mode,
        async whileDown() {
          const { status, data, errors = [] } = await ask();
          expect({ status, data }).toEqual({ status: 200, data: { viewer: null, products: null } });
          down.push(...errors);
        },
      }),
    );
    expect(down.map(({ extensions }) => extensions?.code)).toEqual([
      'SERVICE_UNAVAILABLE',
      'SERVICE_UNAVAILABLE',
    ]);
    expect(down.every(({ extensions }) => extensions?.retryable === true)).toBe(true);
    expectTemporary(down);
  });

  it('cuts all connections, again and again', () =>
    sellThrough(async () => {
      await withClient(postgres.url('postgres'), async (client) => {
        for (let n = 0; n < 10; n += 1) {
          await client.query(CUT);
          await client.query('SELECT pg_sleep(0.05)');
        }
      });
    }));

  it('is slow', async () => {
    inject({ kind: 'delay', ms: 20, jitter: 20 });
    await sellThrough(async () => {
      await pause(500);
      inject(null);
    });
  });

  it('does not answer', () =>
    sellThrough(async () => {
      inject({ kind: 'hole' });
      expectTemporary((await ask()).errors ?? []);
      inject(null);
    }));

  it('resets connections', () =>
    sellThrough(async () => {
      inject({ kind: 'reset' });
      expectTemporary((await ask()).errors ?? []);
      inject(null);
    }));
});

it('a pool that is used up costs who asks an error in time, and others nothing once it is free', async () => {
  await withClient(shop.graph.databases.products.url, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
    const asked = Array.from({ length: 2 * CONNECTIONS }, () => ask());
    for (const { data, errors = [] } of await Promise.all(asked)) {
      expect(data).toMatchObject({ viewer: { displayName: expect.any(String) }, products: null });
      expect(errors).toHaveLength(1);
      expectTemporary(errors);
    }
    await client.query('ROLLBACK');
  });
  await until(works, RECOVERY);
});

const CUT = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE pid <> pg_backend_pid() AND datname LIKE 'test\\_%'`;
