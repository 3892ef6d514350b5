import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answering, type FaultyServer, startFaulty } from '../support/faulty-server.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startHeld } from '../support/held-server.ts';
import { until } from '../support/until.ts';
import { askAs, figure, outcome, startBooksGateway } from './support/books.ts';

const RETRIES = 'gateway_subgraph_retries_total{subgraph="books",service="gateway"}';
const EXHAUSTED = 'gateway_subgraph_retry_budget_exhausted_total{subgraph="books",service="gateway"}';

const works = answering(200, '{"data":{"books":1,"change":1}}');
const hangsUp: RequestListener = (request) => void request.socket.destroy();
const unavailable = (retryAfter: string): RequestListener => {
  return (_request, response) => void response.writeHead(503, { 'retry-after': retryAfter }).end();
};

const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** Something in the place of `books` that does one thing after the other, the last one from then on. */
async function startBooks(...listeners: RequestListener[]): Promise<FaultyServer> {
  const server = await startFaulty((request, response) => {
    const [next, ...later] = listeners;
    if (later.length > 0) listeners.shift();
    next?.(request, response);
  });
  opened.push(() => server.stop());
  return server;
}

async function start(books: { url: string }, settings: string, others?: string): Promise<TestGateway> {
  const yaml = `all: { timeout: 60s, breaker: false, ${settings} }`;
  const gateway = await startBooksGateway({ books: books.url, ...(others && { others }) }, yaml);
  opened.push(() => gateway.close());
  return gateway;
}

const QUICK = 'retries: { pause: 1ms }';

describe('a query is sent again', () => {
  it.each<[string, RequestListener]>([
    ['502', answering(502, '')],
    ['503', answering(503, '')],
    ['504', answering(504, '')],
    ['a connection that breaks', hangsUp],
  ])('after %s', async (_name, fails) => {
    const books = await startBooks(fails, works);
    const gateway = await start(books, QUICK);
    expect(await gateway.query({ query: '{ books }' })).toMatchObject({ data: { books: 1 } });
    expect(books.requests()).toBe(2);
    expect(await figure(gateway, RETRIES)).toBe(1);
  });

  it('for entities as well', async () => {
    const users = await startBooks(answering(200, '{"data":{"me":{"__typename":"User","id":"1"}}}'));
    const ranks = await startBooks(hangsUp, answering(200, '{"data":{"_entities":[{"rank":3}]}}'));
    const key = '@key(fields: "id")';
    const gateway = await startTestGateway(
      [
        { name: 'users', url: users.url, sdl: `type Query { me: User } type User ${key} { id: ID! }` },
        { name: 'ranks', url: ranks.url, sdl: `type User ${key} { id: ID! rank: Int }` },
      ].map(({ sdl, ...subgraph }) => ({
        ...subgraph,
        sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) ${sdl}`,
      })),
    );
    opened.push(() => gateway.close());
    const { data, errors } = await gateway.query({ query: '{ me { rank } }' });
    expect([data, errors]).toEqual([{ me: { rank: 3 } }, undefined]);
    expect([users.requests(), ranks.requests()]).toEqual([1, 2]);
  });

  it('as often as `attempts` says, and then fails with what it failed with', async () => {
    const books = await startBooks(hangsUp);
    const gateway = await start(books, 'retries: { pause: 1ms, attempts: 3 }');
    expect(await outcome(gateway, '{ books }')).toBe('SUBGRAPH_UNAVAILABLE');
    expect(books.requests()).toBe(4);
  });

  it('once for all who wait for it', async () => {
    const books = await startHeld();
    const others = await startFaulty(answering(200, '{"data":{"other":1}}'));
    opened.push(books.stop, others.stop);
    const gateway = await start(books, QUICK, others.url);
    const asked = Array.from({ length: 10 }, (_, n) => gateway.query({ query: `{ books other(n: ${n}) }` }));
    await until(() => others.requests() === 10);
    (await books.next()).response.writeHead(503).end();
    (await books.next()).answer({ books: 7 });
    expect((await Promise.all(asked)).map(({ data }) => data.books)).toEqual(Array(10).fill(7));
    expect(books.requests()).toBe(2);
  });
});

describe('a query is sent once', () => {
  it.each<[string, RequestListener, string]>([
    ['that is answered with 500', answering(500, ''), 'SUBGRAPH_UNAVAILABLE'],
    ['that is answered with 429', answering(429, ''), 'SUBGRAPH_UNAVAILABLE'],
    ['that is answered with 404', answering(404, ''), 'SUBGRAPH_INVALID_RESPONSE'],
    ['that has errors', answering(200, '{"errors":[{"message":"","extensions":{"code":"NO"}}]}'), 'NO'],
    ['that is to be sent again after the deadline', unavailable('60'), 'SUBGRAPH_UNAVAILABLE'],
    [
      'that is to be sent again at a time after the deadline',
      (request, response) => unavailable(new Date(Date.now() + 90_000).toUTCString())(request, response),
      'SUBGRAPH_UNAVAILABLE',
    ],
  ])('%s', async (_name, fails, code) => {
    const books = await startBooks(fails, works);
    const gateway = await start(books, QUICK);
    expect(await outcome(gateway, '{ books }')).toBe(code);
    expect(books.requests()).toBe(1);
  });

  it('with `retries: false`', async () => {
    const books = await startBooks(hangsUp, works);
    const gateway = await start(books, 'retries: false');
    expect(await outcome(gateway, '{ books }')).toBe('SUBGRAPH_UNAVAILABLE');
    expect(books.requests()).toBe(1);
  });
});

describe('a mutation is sent once', () => {
  it.each<[string, RequestListener]>([
    ['when its connection breaks', hangsUp],
    ['when it is answered with 503', answering(503, '')],
    ['when it is to be sent again later', unavailable('0')],
  ])('%s', async (_name, fails) => {
    const books = await startBooks(fails, works);
    const gateway = await start(books, QUICK);
    expect(await outcome(gateway, 'mutation { change }')).toBe('SUBGRAPH_UNAVAILABLE');
    expect(books.requests()).toBe(1);
  });

  it('as soon as somebody listens, when there was nobody it could be sent to', async () => {
    const gone = await startFaulty(works);
    await gone.stop();
    const gateway = await start(gone, 'retries: { pause: 20ms, attempts: 10 }');
    const changed = gateway.query({ query: 'mutation { change }' });
    await until(async () => (await figure(gateway, RETRIES)) > 0);
    const books = await startFaulty(works, Number(new URL(gone.url).port));
    opened.push(() => books.stop());
    expect((await changed).data).toEqual({ change: 1 });
    expect(books.requests()).toBe(1);
  });
});

it('what is sent again stays within the budget', async () => {
  const books = await startBooks(answering(503, ''));
  const gateway = await start(books, 'retries: { pause: 1ms, attempts: 1, budget: 10%, minimum: 5 }');
  for (let n = 0; n < 40; n += 1) {
    expect(await outcome(gateway, `{ books(n: ${n}) }`)).toBe('SUBGRAPH_UNAVAILABLE');
  }
  // 5, and a tenth of 40.
  expect(books.requests()).toBe(40 + 9);
  expect([await figure(gateway, RETRIES), await figure(gateway, EXHAUSTED)]).toEqual([9, 31]);
});

it('nothing is sent again before the time that `Retry-After` tells', async () => {
  const times: number[] = [];
  const books = await startFaulty((request, response) => {
    times.push(performance.now());
    (times.length === 1 ? unavailable('1') : works)(request, response);
  });
  opened.push(() => books.stop());
  const gateway = await start(books, QUICK);
  expect((await gateway.query({ query: '{ books }' })).data).toEqual({ books: 1 });
  const [first = 0, second = 0] = times;
  expect(second - first).toBeGreaterThan(990);
});

it('nothing is sent again for a client that has gone away meanwhile', async () => {
  const books = await startBooks(unavailable('30'), works);
  const gateway = await start(books, QUICK);
  const client = new AbortController();
  askAs(gateway, client, '{ books }');
  await until(() => books.requests() === 1);
  client.abort();
  const cancelled =
    'gateway_subgraph_request_duration_seconds_count{service="gateway",subgraph="books",outcome="cancelled"}';
  await until(async () => (await figure(gateway, cancelled)) === 1);
  expect(books.requests()).toBe(1);
});
