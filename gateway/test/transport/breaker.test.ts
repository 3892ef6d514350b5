import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answering, type FaultyServer, startFaulty } from '../support/faulty-server.ts';
import type { TestGateway } from '../support/gateway.ts';
import { type HeldRequest, type HeldServer, startHeld } from '../support/held-server.ts';
import { until } from '../support/until.ts';
import { askAs, figure, outcome, startBooksGateway } from './support/books.ts';

const OPEN = 'SUBGRAPH_CIRCUIT_OPEN';

const works = answering(200, '{"data":{"books":1,"change":1}}');
const hangs: RequestListener = () => undefined;
const hangsUp: RequestListener = (request) => void request.socket.destroy();

const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function startBooks(listener: RequestListener, port?: number): Promise<FaultyServer> {
  const server = await startFaulty(listener, port);
  opened.push(() => server.stop());
  return server;
}

async function start(
  books: { url: string },
  breaker: string,
  { timeout = '60s', retries = 'false' } = {},
): Promise<TestGateway> {
  const sibling = await startBooks(answering(200, '{"data":{"other":1}}'));
  const yaml = `all: { retries: ${retries}, breaker: ${breaker} }\nsubgraphs: { books: { timeout: ${timeout} } }`;
  const gateway = await startBooksGateway({ books: books.url, others: sibling.url }, yaml);
  opened.push(() => gateway.close());
  return gateway;
}

/** What `/health/ready` says of `books`. */
async function reported(gateway: TestGateway) {
  const response = await fetch(`${gateway.url}/health/ready`);
  const { status, subgraphs } = (await response.json()) as {
    status: string;
    subgraphs: Record<string, { status: string; breaker: string }>;
  };
  return { http: response.status, status, books: subgraphs.books };
}

const isState = (gateway: TestGateway, state: string) =>
  figure(gateway, `gateway_subgraph_breaker_state{subgraph="books",state="${state}",service="gateway"}`);

describe('after as many failures in a row as it may have', () => {
  it.each<[string, RequestListener, string, string]>([
    ['connections that break', hangsUp, '60s', 'SUBGRAPH_UNAVAILABLE'],
    ['answers of 500', answering(500, ''), '60s', 'SUBGRAPH_UNAVAILABLE'],
    ['no answers', hangs, '200ms', 'SUBGRAPH_TIMEOUT'],
  ])(
    '%s, a subgraph is not asked any more, and nothing waits for it',
    async (_name, fails, timeout, code) => {
      const books = await startBooks(fails);
      const gateway = await start(books, '{ failures: 3, open_for: 10m }', { timeout });
      for (let n = 0; n < 3; n += 1) expect(await outcome(gateway, '{ books }')).toBe(code);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => gateway.query({ query: `{ books(n: ${n}) other(n: ${n}) }` })),
      );
      for (const { data, errors } of answers) {
        expect(data).toEqual({ books: null, other: 1 });
        expect(errors).toEqual([
          {
            message: 'Subgraph "books" is not asked for a moment: it failed too often.',
            path: ['books'],
            extensions: { code: OPEN, subgraph: 'books' },
          },
        ]);
      }
      expect(await outcome(gateway, 'mutation { change }')).toBe(OPEN);
      expect(books.requests()).toBe(3);
      expect(await reported(gateway)).toEqual({
        http: 200,
        status: 'ok',
        books: { status: 'failing', breaker: 'open' },
      });
      expect([await isState(gateway, 'open'), await isState(gateway, 'closed')]).toEqual([1, 0]);
    },
  );

  it.each<[string, RequestListener]>([
    ['404', answering(404, '')],
    ['429', answering(429, '')],
    ['what is no GraphQL', answering(200, '<html>', 'text/html')],
    ['errors', answering(200, '{"errors":[{"message":"","extensions":{"code":"NO"}}]}')],
  ])('a subgraph that answers with %s goes on being asked', async (_name, answers) => {
    const books = await startBooks(answers);
    const gateway = await start(books, '{ failures: 2, open_for: 10m }');
    for (let n = 0; n < 5; n += 1) await gateway.query({ query: '{ books }' });
    expect(books.requests()).toBe(5);
    expect((await reported(gateway)).books).toEqual({ status: 'ok', breaker: 'closed' });
  });

  it('a subgraph with `breaker: false` goes on being asked', async () => {
    const books = await startBooks(hangsUp);
    const gateway = await start(books, 'false');
    for (let n = 0; n < 10; n += 1) await gateway.query({ query: '{ books }' });
    expect(books.requests()).toBe(10);
    expect((await reported(gateway)).books).toEqual({ status: 'failing', breaker: 'off' });
  });
});

it('calls that were under way together count as one failure in a row', async () => {
  const books = await startHeld();
  opened.push(() => books.stop());
  const gateway = await start(books, '{ failures: 2, calls: 1000, open_for: 10m }');
  const asked = Array.from({ length: 20 }, (_, n) => outcome(gateway, `{ books(n: ${n}) }`));
  const requests: HeldRequest[] = [];
  for (const _ of asked) requests.push(await books.next());
  for (const { response } of requests) response.destroy();
  expect(await Promise.all(asked)).toEqual(Array(20).fill('SUBGRAPH_UNAVAILABLE'));
  expect((await reported(gateway)).books).toEqual({ status: 'failing', breaker: 'closed' });
});

it('a share of failures opens it, when there were enough calls', async () => {
  let calls = 0;
  const books = await startBooks((request, response) => {
    calls += 1;
    (calls % 2 === 0 ? answering(500, '') : works)(request, response);
  });
  const gateway = await start(books, '{ failure_rate: 50%, calls: 10, window: 10m, open_for: 10m }');
  for (let n = 0; n < 20; n += 1) await gateway.query({ query: '{ books }' });
  expect(books.requests()).toBe(10);
});

describe('a breaker that has opened', () => {
  let books: HeldServer;
  let gateway: TestGateway;

  /** Asks until a probe is let through. */
  async function probe(): Promise<HeldRequest> {
    let arrived = false;
    const request = books.next().then((held) => {
      arrived = true;
      return held;
    });
    while (!arrived) await Promise.race([request, outcome(gateway, '{ books }')]);
    return request;
  }

  const askSome = () =>
    Promise.all(Array.from({ length: 5 }, (_, n) => outcome(gateway, `{ books(n: ${n}) }`)));

  async function open(openFor: string): Promise<void> {
    books = await startHeld();
    opened.push(() => books.stop());
    gateway = await start(books, `{ failures: 1, open_for: ${openFor} }`);
    const failing = outcome(gateway, '{ books }');
    (await books.next()).response.destroy();
    expect(await failing).toBe('SUBGRAPH_UNAVAILABLE');
  }

  it('lets one call through after a while, and closes when that goes well', async () => {
    await open('20ms');
    const { answer } = await probe();
    expect((await reported(gateway)).books).toEqual({ status: 'failing', breaker: 'half-open' });
    expect(await askSome()).toEqual(Array(5).fill(OPEN));
    expect(books.requests()).toBe(2);
    answer({ books: 1 });
    await until(async () => (await reported(gateway)).books?.breaker === 'closed');
    const asked = askSome();
    for (let n = 0; n < 5; n += 1) (await books.next()).answer({ books: n });
    expect(await asked).toEqual(Array(5).fill(undefined));
    expect((await reported(gateway)).books).toEqual({ status: 'ok', breaker: 'closed' });
  });

  it('stays open when that fails, until another one goes well', async () => {
    await open('20ms');
    (await probe()).response.destroy();
    const { answer } = await probe();
    expect(await askSome()).toEqual(Array(5).fill(OPEN));
    answer({ books: 1 });
    await until(async () => (await reported(gateway)).books?.breaker === 'closed');
    expect(books.requests()).toBe(3);
  });

  it('lets another one through when the client of that goes away', async () => {
    await open('1s');
    const client = new AbortController();
    let isThere = false;
    const first = books.next().then((request) => {
      isThere = true;
      return request;
    });
    while (!isThere) {
      askAs(gateway, client, '{ books }');
      await until(async () => isThere || (await isState(gateway, 'open')) === 1);
    }
    client.abort();
    await (await first).abandoned;
    (await probe()).answer({ books: 1 });
    await until(async () => (await reported(gateway)).books?.breaker === 'closed');
  });
});

it('many calls at once of a subgraph that dies and comes back end all, and go well again', async () => {
  const first = await startBooks(works);
  const gateway = await start(first, '{ open_for: 50ms }', { retries: '{ pause: 1ms }' });
  const askMany = () =>
    Promise.all(Array.from({ length: 100 }, (_, n) => outcome(gateway, `{ books(n: ${n}) }`)));
  expect(await askMany()).toEqual(Array(100).fill(undefined));
  await first.stop();
  for (const code of await askMany()) expect(['SUBGRAPH_UNAVAILABLE', OPEN]).toContain(code);
  expect((await reported(gateway)).books?.status).toBe('failing');
  const second = await startBooks(works, Number(new URL(first.url).port));
  await until(async () => (await outcome(gateway, '{ books }')) === undefined);
  const before = second.requests();
  expect(await askMany()).toEqual(Array(100).fill(undefined));
  expect(second.requests() - before).toBe(100);
});
