import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSocket, type TestSocket } from '../subscriptions/support/socket.ts';
import { answering, type FaultyServer, startFaulty } from '../support/faulty-server.ts';
import type { TestGateway } from '../support/gateway.ts';
import { type HeldServer, startHeld } from '../support/held-server.ts';
import { askAs, startBooksGateway } from './support/books.ts';

const HEADER = 'x-request-deadline-ms';
const OVER = 'REQUEST_DEADLINE_EXCEEDED';

let books: HeldServer;
let others: HeldServer;
let gateway: TestGateway;

beforeEach(async () => {
  [books, others] = await Promise.all([startHeld(), startHeld()]);
});

afterEach(async () => {
  await gateway.close();
  await Promise.all([books.stop(), others.stop()]);
});

async function start(yaml = 'all: { timeout: 60s }', urls = { books: books.url, others: others.url }) {
  gateway = await startBooksGateway(urls, yaml);
}

const ask = (query: string, milliseconds?: number | string) =>
  gateway.query({ query, headers: milliseconds === undefined ? {} : { [HEADER]: String(milliseconds) } });

describe('the deadline of a client', () => {
  it('costs what is not there by then, and ends what is under way', async () => {
    await start();
    const answer = ask('{ books other }', 500);
    const { abandoned } = await books.next();
    (await others.next()).answer({ other: 1 });
    expect(await answer).toMatchObject({
      status: 200,
      data: { books: null, other: 1 },
      errors: [
        {
          message: 'Subgraph "books" was not waited for any longer: the deadline of the request has passed.',
          path: ['books'],
          extensions: { code: OVER, subgraph: 'books' },
        },
      ],
    });
    await abandoned;
  });

  it('is handed on, as what is left of it', async () => {
    await start();
    const answer = ask('mutation { change last }', 30_000);
    const first = await books.next();
    first.answer({ change: 1 });
    const second = await others.next();
    second.answer({ last: 2 });
    expect((await answer).errors).toBeUndefined();
    const [left = 0, less = 0] = [first, second].map(({ headers }) => Number(headers[HEADER]));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(30_000);
    expect(less).toBeGreaterThan(0);
    expect(less).toBeLessThanOrEqual(left);
  });

  it('is not longer than what the subgraph has, which is told where there is none', async () => {
    await start();
    for (const deadline of [undefined, 90_000]) {
      const answer = ask('{ books }', deadline);
      const { headers, answer: reply } = await books.next();
      expect(headers[HEADER]).toBe('60000');
      reply({ books: 1 });
      await answer;
    }
  });

  it('ends a mutation, of which nothing more is begun', async () => {
    await start();
    const answer = ask('mutation { change last }', 300);
    const { abandoned } = await books.next();
    const { data, errors } = await answer;
    expect(data).toEqual({ change: null, last: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([OVER, OVER]);
    await abandoned;
    expect(others.requests()).toBe(0);
  });

  it('leaves the breaker as it is: others have more time', async () => {
    await start('all: { timeout: 60s, breaker: { failures: 1, open_for: 10m } }');
    for (const query of ['{ books }', 'mutation { change }']) {
      const hurried = ask(query, 200);
      await books.next();
      expect((await hurried).errors?.[0]?.extensions?.code).toBe(OVER);
    }
    const answer = ask('{ books }');
    (await books.next()).answer({ books: 1 });
    expect((await answer).data).toEqual({ books: 1 });
  });

  it.each(['0', '-5', '1.5', '5s', 'soon', '1000000000'])('of "%s" is refused', async (value) => {
    await start();
    const { status, errors } = await ask('{ books }', value);
    expect([status, errors?.[0]?.extensions?.code]).toEqual([400, 'BAD_REQUEST_DEADLINE']);
    expect(errors?.[0]?.message).toContain(HEADER);
    expect(books.requests()).toBe(0);
  });
});

describe('of those who wait for one fetch', () => {
  it('who has less time than the others leaves them the answer', async () => {
    await start();
    const patient = ask('{ books }');
    const { answer } = await books.next();
    expect((await ask('{ books }', 200)).errors?.[0]?.extensions?.code).toBe(OVER);
    answer({ books: 7 });
    expect((await patient).data).toEqual({ books: 7 });
    expect(books.requests()).toBe(1);
  });

  it('who has more time than the one that asked asks for themselves', async () => {
    await start();
    const hurried = ask('{ books }', 400);
    const { abandoned } = await books.next();
    const patient = ask('{ books }');
    const second = await books.next();
    expect((await hurried).errors?.[0]?.extensions?.code).toBe(OVER);
    await abandoned;
    second.answer({ books: 7 });
    expect(await patient).toMatchObject({ data: { books: 7 } });
    expect(books.requests()).toBe(2);
  });

  it('who has less time is given what is there, also where one answer is made for all', async () => {
    await start('{ all: { timeout: 60s }, caching: { responses: { memory: 1MB }, entities: off } }');
    const query = 'query ($n: Int) { books(n: $n) other }';
    const send = (n: number, headers = {}) => gateway.query({ query, variables: { n }, headers });
    const kept = { 'cache-control': 'max-age=60' };
    // Once it was kept, the next ones wait for each other.
    const first = send(1);
    (await books.next()).answer({ books: 1 }, kept);
    (await others.next()).answer({ other: 1 }, kept);
    await first;
    const patient = send(2);
    const held = await books.next();
    (await others.next()).answer({ other: 1 }, kept);
    const answering = others.next().then(({ answer }) => answer({ other: 1 }, kept));
    expect(await send(2, { [HEADER]: '700' })).toMatchObject({
      status: 200,
      data: { books: null, other: 1 },
      errors: [{ extensions: { code: OVER } }],
    });
    await answering;
    held.answer({ books: 2 }, kept);
    expect((await patient).data).toEqual({ books: 2, other: 1 });
  });
});

describe('a client that goes away while its request waits for a connection', () => {
  let free: FaultyServer;

  afterEach(() => free.stop());

  it('is not asked for any more', async () => {
    free = await startFaulty(answering(200, '{"data":{"other":1}}'));
    await start('all: { timeout: 60s, connections: 1 }', { books: books.url, others: others.url });
    const first = ask('{ books(n: 1) }');
    const request = await books.next();
    const client = new AbortController();
    askAs(gateway, client, '{ books(n: 2) other }');
    // The other subgraph shows that the fetch waits, and when the gateway has noticed that nobody does.
    const { abandoned } = await others.next();
    client.abort();
    await abandoned;
    request.answer({ books: 1 });
    expect((await first).data).toEqual({ books: 1 });
    const last = ask('{ books(n: 3) }');
    const next = await books.next();
    expect(next.body).toContain('3');
    next.answer({ books: 3 });
    expect((await last).data).toEqual({ books: 3 });
    expect(books.requests()).toBe(2);
  });
});

describe('an operation on a WebSocket', () => {
  let socket: TestSocket;

  beforeEach(async () => {
    await start();
    socket = await openSocket(gateway.endpoint);
    await socket.init();
  });

  afterEach(() => socket.socket.terminate());

  const subscribe = (id: string, query: string, deadlineMs?: unknown) =>
    socket.send({ type: 'subscribe', id, payload: { query, extensions: { deadlineMs } } });

  it('has the deadline of its message, and others go on', async () => {
    subscribe('patient', '{ other }');
    const patient = await others.next();
    subscribe('hurried', '{ books }', 300);
    const { abandoned, headers } = await books.next();
    expect(Number(headers[HEADER])).toBeLessThanOrEqual(300);
    expect(await socket.receive()).toMatchObject({
      id: 'hurried',
      type: 'next',
      payload: { data: { books: null }, errors: [{ path: ['books'], extensions: { code: OVER } }] },
    });
    expect(await socket.receive()).toEqual({ id: 'hurried', type: 'complete' });
    await abandoned;
    patient.answer({ other: 1 });
    expect(await socket.receive()).toMatchObject({ id: 'patient', payload: { data: { other: 1 } } });
  });

  it('ends a mutation at its deadline, and not when it is completed', async () => {
    subscribe('left', 'mutation { change last }', 30_000);
    const first = await books.next();
    socket.send({ type: 'complete', id: 'left' });
    subscribe('hurried', 'mutation { change last }', 300);
    const { abandoned } = await books.next();
    const { id, payload } = await socket.receive();
    expect([id, payload]).toMatchObject(['hurried', { data: { change: null, last: null } }]);
    await abandoned;
    first.answer({ change: 1 });
    (await others.next()).answer({ last: 1 });
  });

  it.each([0, -5, 1.5, '500', 1_000_000_000, {}])('is refused with a deadline of %j', async (value) => {
    subscribe('wrong', '{ books }', value);
    expect(await socket.receive()).toMatchObject({
      id: 'wrong',
      type: 'error',
      payload: [
        {
          message: expect.stringContaining('extensions.deadlineMs must be'),
          extensions: { code: 'BAD_REQUEST_DEADLINE' },
        },
      ],
    });
    expect(books.requests()).toBe(0);
  });

  it.each<[string, () => void]>([
    ['completed', () => socket.send({ type: 'complete', id: 'a' })],
    ['left', () => socket.socket.terminate()],
  ])('ends its requests when it is %s', async (_how, end) => {
    subscribe('a', '{ books }');
    const { abandoned } = await books.next();
    end();
    await abandoned;
  });
});

it('a query over an event stream has the deadline of the header', async () => {
  await start();
  const answer = fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', [HEADER]: '300' },
    body: '{"query":"{ books }"}',
  });
  const { abandoned } = await books.next();
  expect(await (await answer).text()).toContain(OVER);
  await abandoned;
});
