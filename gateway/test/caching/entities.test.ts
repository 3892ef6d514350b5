import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type ChangeMessage,
  connectRedis,
  createLogger,
  entityLabel,
  invalidationRecord,
  parseRedisUrl,
  redisInvalidation,
  whenReady,
} from '@tributary/platform';
import { describeWithRedis, startTestRedis } from '@tributary/testing';
import { createGate } from '../support/gate.ts';
import type { TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { invalidate, type Shelf, startShelf } from './shelf.ts';

const opened: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function start(options: Parameters<typeof startShelf>[0] = {}) {
  const started = await startShelf({ settings: 'responses: off', ...options });
  opened.push(started.gateway);
  return started;
}

/** What the subgraphs were asked for a query. */
async function callsFor(
  gateway: TestGateway,
  shelf: Shelf,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) {
  shelf.calls = [];
  const { data, errors } = await gateway.query({ query, variables, headers });
  return { data, errors, calls: [...shelf.calls].sort() };
}

describe('the entity cache', () => {
  it('asks for nothing that it has', async () => {
    const { gateway, shelf } = await start();
    const query = '{ book(id: "1") { title stars } }';
    const first = await callsFor(gateway, shelf, query);
    expect(first).toEqual({
      data: { book: { title: 'Dune', stars: 5 } },
      errors: undefined,
      calls: ['book 1', 'stars 1'],
    });
    expect(await callsFor(gateway, shelf, query)).toEqual({ ...first, calls: [] });
  });

  it('asks for the entities that it lacks only', async () => {
    const { gateway, shelf } = await start();
    const one = 'query One($id: ID!) { book(id: $id) { title stars } }';
    await callsFor(gateway, shelf, one, { id: '1' });
    await callsFor(gateway, shelf, one, { id: '3' });
    expect(await callsFor(gateway, shelf, '{ books { title stars } }')).toEqual({
      data: {
        books: [
          { title: 'Dune', stars: 5 },
          { title: 'Emma', stars: 4 },
          { title: 'Ulysses', stars: 3 },
        ],
      },
      errors: undefined,
      calls: ['books', 'stars 2'],
    });
  });

  it('keeps the root fields of a fetch each on its own', async () => {
    const { gateway, shelf } = await start();
    await callsFor(gateway, shelf, '{ a: book(id: "1") { title } }');
    expect(
      await callsFor(gateway, shelf, '{ a: book(id: "1") { title } b: book(id: "2") { title } }'),
    ).toEqual({
      data: { a: { title: 'Dune' }, b: { title: 'Emma' } },
      errors: undefined,
      calls: ['book 2'],
    });
  });

  it('says in whole seconds how long the rest may be kept, whoever runs the operation', async () => {
    const { gateway } = await start();
    await gateway.query({ query: '{ book(id: "1") { title } }' });
    const query = 'query Other { book(id: "1") { title } }';
    // At first Apollo Server, then without it.
    for (const _run of [1, 2]) {
      const { headers } = await gateway.query({ query });
      expect(headers.get('cache-control')).toMatch(/^max-age=\d+, public$/);
    }
  });

  it('keeps that something is not there, until it is', async () => {
    const { gateway, shelf } = await start();
    const query = '{ book(id: "9") { title } }';
    await callsFor(gateway, shelf, query);
    expect((await callsFor(gateway, shelf, query)).calls).toEqual([]);
    shelf.titles[9] = 'New';
    await invalidate(gateway, { tags: ['book-9'] });
    expect(await callsFor(gateway, shelf, query)).toMatchObject({ data: { book: { title: 'New' } } });
  });

  it.each([
    ['says no age', '{ unhinted }', ['unhinted']],
    ['has an error', '{ book(id: "1") { title broken } }', ['book 1']],
    ['is a mutation', 'mutation { rename(id: "1", title: "Dune") { title } }', ['rename']],
  ])('keeps nothing of an answer that %s', async (_what, query, calls) => {
    const { gateway, shelf } = await start({ settings: 'responses: off, read_your_writes: 0s' });
    const first = await callsFor(gateway, shelf, query);
    expect(first.calls).toEqual(calls);
    const second = await callsFor(gateway, shelf, query);
    expect([second.data, second.calls]).toEqual([first.data, calls]);
  });

  it('keeps what is private for the one it is for', async () => {
    const { gateway, shelf } = await start();
    const asAda = { authorization: 'Ada' };
    const query = '{ mine { title } now }';
    for (const headers of [asAda, { authorization: 'Bob' }]) {
      expect(await callsFor(gateway, shelf, query, {}, headers)).toMatchObject({
        data: { mine: { title: headers.authorization } },
      });
    }
    expect((await callsFor(gateway, shelf, query, {}, asAda)).calls).toEqual([]);
  });

  it('keeps nothing private where nothing tells viewers apart', async () => {
    const { gateway, shelf } = await start();
    for (let round = 0; round < 2; round++)
      expect((await callsFor(gateway, shelf, '{ mine { title } }')).calls).toEqual(['mine']);
  });

  it.each([
    ['a key', { keys: ['Book:1'] }],
    ['a tag', { tags: ['book-1'] }],
  ])('drops what depends on %s', async (_what, changed) => {
    const { gateway, shelf } = await start();
    const query = '{ book(id: "1") { title } other: book(id: "2") { title } }';
    await callsFor(gateway, shelf, query);
    shelf.titles = { 1: 'Dune II', 2: 'Emma II' };
    expect((await invalidate(gateway, changed)).status).toBe(200);
    expect(await callsFor(gateway, shelf, query)).toEqual({
      data: { book: { title: 'Dune II' }, other: { title: 'Emma' } },
      errors: undefined,
      calls: ['book 1'],
    });
  });

  it('knows of entities that the client did not ask the keys of', async () => {
    const { gateway, shelf } = await start();
    const query = '{ books { title } best { book { title } } }';
    await callsFor(gateway, shelf, query);
    shelf.titles[1] = 'Dune II';
    await invalidate(gateway, { keys: ['Book:1'] });
    expect(await callsFor(gateway, shelf, query)).toEqual({
      data: {
        books: [{ title: 'Dune II' }, { title: 'Emma' }, { title: 'Ulysses' }],
        best: { book: { title: 'Dune II' } },
      },
      errors: undefined,
      calls: ['Book 1', 'best', 'books'],
    });
  });

  it('does not bring back what was read before a change', async () => {
    const { gateway, shelf } = await start();
    const query = '{ book(id: "1") { title } }';
    const gate = createGate();
    shelf.before = (call) => (call === 'book 1' ? gate.pass() : undefined);
    const reading = gateway.query({ query });
    await gate.reached;
    shelf.titles[1] = 'Dune II';
    await invalidate(gateway, { keys: ['Book:1'] });
    shelf.before = () => undefined;
    gate.open();
    expect((await reading).data).toEqual({ book: { title: 'Dune' } });
    expect(await callsFor(gateway, shelf, query)).toMatchObject({ data: { book: { title: 'Dune II' } } });
  });

  it('lets who asks after a change not wait for what was asked before it', async () => {
    const { gateway, shelf } = await start();
    const query = '{ book(id: "1") { title } }';
    const gate = createGate();
    shelf.before = (call) => (call === 'book 1' ? gate.pass() : undefined);
    const before = gateway.query({ query });
    await gate.reached;
    shelf.titles[1] = 'Dune II';
    await invalidate(gateway, { keys: ['Book:1'] });
    shelf.before = () => undefined;
    expect((await gateway.query({ query })).data).toEqual({ book: { title: 'Dune II' } });
    gate.open();
    await before;
  });

  it.each([
    ['a subgraph', 'subgraphs: {reviews: off}'],
    ['a type', 'subgraphs: {reviews: {types: {Book: off}}}'],
  ])('can be off for %s', async (_what, settings) => {
    const { gateway, shelf } = await start({ settings: `responses: off, ${settings}` });
    const query = '{ book(id: "1") { title stars } }';
    await callsFor(gateway, shelf, query);
    expect((await callsFor(gateway, shelf, query)).calls).toEqual(['stars 1']);
  });
});

it('tells who asks how much of each fetch there was', async () => {
  const { gateway } = await start();
  const statesOf = async (query: string) => {
    const response = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'tributary-explain': '1' },
      body: JSON.stringify({ query }),
    });
    const { extensions } = (await response.json()) as {
      extensions: { explain: { fetches: { subgraph: string; cache: string }[] } };
    };
    return extensions.explain.fetches.map(({ subgraph, cache }) => `${subgraph}: ${cache}`);
  };
  const query = '{ book(id: "1") { title stars } }';
  expect(await statesOf(query)).toEqual(['books: miss', 'reviews: miss']);
  expect(await statesOf(query)).toEqual(['books: hit', 'reviews: hit']);
  expect(await statesOf('{ books { title stars } }')).toEqual(['books: miss', 'reviews: partial']);
});

describe('read your own writes', () => {
  const query = '{ book(id: "1") { title } }';
  const rename = 'mutation { rename(id: "1", title: "Dune II") { id } }';

  it('gives who changed something nothing that was kept, and others what is', async () => {
    const { gateway, shelf } = await start();
    const asAda = { authorization: 'Ada' };
    await callsFor(gateway, shelf, query);
    await callsFor(gateway, shelf, rename, {}, asAda);
    expect(await callsFor(gateway, shelf, query, {}, asAda)).toMatchObject({
      data: { book: { title: 'Dune II' } },
      calls: ['book 1'],
    });
    expect(await callsFor(gateway, shelf, query, {}, { authorization: 'Bob' })).toMatchObject({
      data: { book: { title: 'Dune' } },
    });
  });

  it('knows the nameless by their address', async () => {
    const { gateway, shelf } = await start();
    await callsFor(gateway, shelf, query);
    await callsFor(gateway, shelf, rename);
    expect(await callsFor(gateway, shelf, query)).toMatchObject({ data: { book: { title: 'Dune II' } } });
  });
});

describe('POST /invalidate', () => {
  it.each([
    ['no token', { keys: ['Book:1'] }, {}, 401],
    ['a wrong token', { keys: ['Book:1'] }, { authorization: 'Bearer nonsense' }, 401],
    ['no list', { keys: 'Book:1' }, undefined, 400],
    ['something else', { ids: ['1'] }, undefined, 400],
    ['no object', ['Book:1'], undefined, 400],
    ['an empty label', { tags: [''] }, undefined, 400],
  ])('refuses a request with %s', async (_what, body, headers, status) => {
    const { gateway } = await start();
    const response = await invalidate(gateway, body, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: expect.any(String) } }],
    });
  });

  it('is not there without a token', async () => {
    const { gateway } = await start({ env: { CACHE_INVALIDATION_TOKEN: '' } });
    expect((await invalidate(gateway, { keys: ['Book:1'] })).status).toBe(404);
  });
});

const metricsOf = async ({ adminUrl }: TestGateway) => (await fetch(`${adminUrl}/metrics`)).text();

describeWithRedis(
  'a fetch that began before a change, and is joined by who looked into the cache after it',
  () => {
    it.each(['responses: off', 'entities: off', 'max_age: 24h'])(
      'is kept by nobody (%s)',
      async (settings) => {
        const redis = await startTestRedis();
        const { gateway, shelf } = await start({
          settings: `${settings}, redis_prefix: "${redis.prefix}"`,
          env: { REDIS_URL: redis.url },
        });
        const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
        const own = connectRedis(redis.url, logger, { commandTimeout: 5_000 });
        await whenReady(own);
        const record = invalidationRecord(parseRedisUrl(redis.url), redis.prefix);
        const labels = [entityLabel('Book', '1')];
        const [alone, withBest] = [
          '{ book(id: "1") { title } }',
          '{ book(id: "1") { title } best { book { id } } }',
        ];
        const ask = async (query: string) => (await gateway.query({ query })).data?.book;
        // Compiled by the first request, kept by the second.
        for (const query of [alone, alone, withBest, withBest]) await ask(query);
        await redisInvalidation(own, record)(labels);
        await until(async () =>
          /^cache_evictions_total\{.*"invalidated".*\} [1-9]/m.test(await metricsOf(gateway)),
        );
        const gate = createGate();
        const besides = createGate();
        shelf.before = (call) => (call === 'best' ? besides.pass() : gate.pass());
        const first = ask(alone);
        await gate.reached;
        shelf.titles[1] = 'Dune II';
        // It is recorded, and the message to this gateway is still under way.
        await redisInvalidation(own, { ...record, channel: `${redis.prefix}elsewhere` })(labels);
        const second = ask(withBest);
        await besides.reached;
        besides.open();
        gate.open();
        expect([await first, await second]).toEqual([{ title: 'Dune' }, { title: 'Dune' }]);
        const joined = /^gateway_subgraph_shared_fetches_total\{.*\} 1$/m;
        expect(await metricsOf(gateway)).toMatch(joined);
        await own.publish(record.channel, JSON.stringify({ labels } satisfies ChangeMessage));
        shelf.before = () => undefined;
        await until(async () => JSON.stringify(await ask(withBest)).includes('Dune II'));
        own.disconnect();
        await redis.stop();
      },
    );
  },
);
