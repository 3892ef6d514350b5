import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { ORDER_CHANGED, type Shop, startShop } from '../subscriptions/support/shop.ts';
import { openSocket } from '../subscriptions/support/socket.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type HeldServer, startHeld } from '../support/held-server.ts';
import { type RawAnswer, sendRaw } from '../support/raw-request.ts';

const ONE = 'overload: { in_flight: { min: 1, max: 1 }, queue: { length: 1, wait: 60s } }';
const REFUSED = {
  errors: [
    {
      message: 'The server has more to do than it can. Try again later.',
      extensions: { code: 'OVERLOADED' },
    },
  ],
};

let held: HeldServer;
let gateway: TestGateway;
let shop: Shop | undefined;
afterEach(async () => {
  await held?.stop();
  await gateway?.close();
  await shop?.stop();
  shop = undefined;
});

async function start(yaml: string): Promise<void> {
  held = await startHeld();
  const subgraph = {
    name: 'a',
    url: held.url,
    sdl: 'type Query { a(n: Int): Int } type Mutation { b: Int }',
  };
  gateway = await startTestGateway([subgraph], {}, { files: { 'gateway.yaml': yaml } });
}

const ask = (query: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  sendRaw(gateway.endpoint, { body: { query }, headers });

async function figure(line: string): Promise<number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(line))
      ?.split(' ')
      .at(-1),
  );
}

/** Waits until a figure at `/metrics` is what it should be. */
async function reaches(line: string, value: number): Promise<void> {
  while ((await figure(line)) !== value) await nextTurn();
}

it('runs as many operations as it may, lets some wait, and refuses what is more', async () => {
  await start(ONE);
  const first = ask('{ a(n: 1) }');
  const firstCall = await held.next();
  const second = ask('{ a(n: 2) }');
  await reaches('gateway_operations_waiting', 1);

  // Beside a query a mutation, one that Apollo Server would answer, and what is none.
  for (const query of ['{ a(n: 1) }', 'mutation { b }', '{ a(n: 4) }', '{']) {
    const { status, headers, text } = await ask(query, { 'x-request-id': 'mine' });
    expect([status, JSON.parse(text)]).toEqual([503, REFUSED]);
    expect(headers).toMatchObject({
      'retry-after': '1',
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'mine',
    });
  }
  // Pages of other origins need headers that the routes add.
  expect(await ask('{ a(n: 5) }', { origin: 'https://other.test' })).toMatchObject({
    status: 503,
    text: `${JSON.stringify(REFUSED)}\n`,
    headers: { 'retry-after': '1' },
  });
  expect(held.requests()).toBe(1);
  for (const path of ['/health/live', '/health/ready'])
    expect((await fetch(`${gateway.url}${path}`)).status).toBe(200);

  firstCall.answer({ a: 1 });
  expect(JSON.parse((await first).text)).toEqual({ data: { a: 1 } });
  (await held.next()).answer({ a: 2 });
  expect(JSON.parse((await second).text)).toEqual({ data: { a: 2 } });
  expect(await figure('gateway_requests_shed_total{reason="queue_full"')).toBe(5);
  await reaches('gateway_operations_in_flight', 0);
});

it('refuses what has waited too long, and gives its place to others', async () => {
  await start('overload: { in_flight: { min: 1, max: 1 }, queue: { wait: 30ms } }');
  const first = ask('{ a(n: 1) }');
  const call = await held.next();
  expect((await ask('{ a(n: 2) }')).status).toBe(503);
  expect(await figure('gateway_requests_shed_total{reason="waited"')).toBe(1);
  expect(await figure('gateway_operations_waiting')).toBe(0);
  call.answer({ a: 1 });
  expect((await first).status).toBe(200);
  const third = ask('{ a(n: 3) }');
  (await held.next()).answer({ a: 3 });
  expect((await third).status).toBe(200);
  expect(held.requests()).toBe(2);
});

it('forgets who goes away, while they wait and while they are served', async () => {
  await start(ONE);
  const post = (n: number, signal: AbortSignal) =>
    fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ a(n: ${n}) }` }),
      signal,
    }).catch(() => 'gone');
  const [served, waiting] = [new AbortController(), new AbortController()];
  const first = post(1, served.signal);
  await held.next();
  const second = post(2, waiting.signal);
  await reaches('gateway_operations_waiting', 1);
  waiting.abort();
  await reaches('gateway_operations_waiting', 0);
  served.abort();
  await reaches('gateway_operations_in_flight', 0);
  expect(await Promise.all([first, second])).toEqual(['gone', 'gone']);
  const third = ask('{ a(n: 3) }');
  (await held.next()).answer({ a: 3 });
  expect((await third).status).toBe(200);
});

it('refuses operations on a WebSocket one by one, and new WebSockets after that', async () => {
  await start(ONE);
  const socket = await openSocket(gateway.endpoint);
  await socket.init();
  socket.subscribe('1', '{ a(n: 1) }');
  const call = await held.next();
  socket.subscribe('2', '{ a(n: 2) }');
  await reaches('gateway_operations_waiting', 1);
  // Nobody was refused yet.
  const other = await openSocket(gateway.endpoint);
  await other.init();
  other.subscribe('3', '{ a(n: 3) }');
  expect(await other.receive()).toEqual({ type: 'error', id: '3', payload: REFUSED.errors });

  const late = new WebSocket(gateway.endpoint.replace(/^http/, 'ws'), 'graphql-transport-ws');
  const [, answer] = await once(late, 'unexpected-response');
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  late.on('error', () => undefined);
  late.terminate();
  expect(await figure('gateway_requests_shed_total{reason="connection"')).toBe(1);

  socket.send({ type: 'complete', id: '2' });
  await reaches('gateway_operations_waiting', 0);
  call.answer({ a: 1 });
  expect(await socket.receive()).toMatchObject({ type: 'next', payload: { data: { a: 1 } } });
  await reaches('gateway_operations_in_flight', 0);
  await Promise.all([socket.close(), other.close()]);
});

it('keeps no place for who listens', async () => {
  shop = await startShop();
  gateway = await startTestGateway([shop.orders, shop.customers], {}, { files: { 'gateway.yaml': ONE } });
  const stream = new AbortController();
  const { status } = await fetch(gateway.endpoint, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: ORDER_CHANGED, variables: { id: '1' } }),
    signal: stream.signal,
  });
  const socket = await openSocket(gateway.endpoint);
  await socket.init();
  socket.subscribe('1', ORDER_CHANGED, { id: '1' });
  await shop.changed.reaches(1);
  await reaches('gateway_operations_in_flight', 0);
  expect([status, (await gateway.query({ query: '{ order { status } }' })).data]).toEqual([
    200,
    { order: { status: 'NEW' } },
  ]);
  stream.abort();
  await socket.close();
});

it('runs more at once while the event loop has time, and fewer while it is late', async () => {
  await start('overload: { in_flight: { min: 1, max: 3 }, loop_delay: 1m }');
  const answers = [1, 2, 3, 4].map((n) => ask(`{ a(n: ${n}) }`));
  // All of them but the last, as the limit grows to 3.
  const calls = [await held.next(), await held.next(), await held.next()];
  expect(await figure('gateway_operations_limit')).toBe(3);
  for (const call of calls) call.answer({ a: 0 });
  (await held.next()).answer({ a: 0 });
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await gateway.close();
  await held.stop();

  await start('overload: { in_flight: { min: 1, max: 3 }, loop_delay: 20ms }');
  const slow = [1, 2, 3].map((n) => ask(`{ a(n: ${n}) }`));
  const busy = async (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
    await nextTurn();
  };
  // It is idle meanwhile, and so the limit grows.
  const late = [await held.next(), await held.next(), await held.next()];
  expect(await figure('gateway_operations_limit')).toBe(3);
  while ((await figure('gateway_event_loop_delay_seconds')) < 0.02) await busy(90);
  expect(await figure('gateway_operations_limit')).toBeLessThan(3);
  for (const call of late) call.answer({ a: 0 });
  await Promise.all(slow);
});

it('refuses nothing when it is off', async () => {
  await start('overload: off');
  const answers = Array.from({ length: 200 }, (_, n) => ask(`{ a(n: ${n}) }`));
  const calls = [];
  for (const _ of answers) calls.push(await held.next());
  for (const call of calls) call.answer({ a: 0 });
  expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]));
});

it.each<[string, RegExp]>([
  ['overload: on', /gateway\.yaml:1:11 overload: must be `off`, or have/],
  [
    'overload: { in_flight: { min: 0 } }',
    /gateway\.yaml:1:31 overload\.in_flight\.min: must be a whole number from 1/,
  ],
  ['overload: { in_flight: { min: 5, max: 4 } }', /overload\.in_flight\.max: must not be below `min`/],
  ['overload: { queue: { wait: 5 } }', /overload\.queue\.wait: must be a time with its unit, from 1ms to 1m/],
  ['overload: { retries: 1 }', /gateway\.yaml:1:22 overload\.retries: is not a key/],
])('does not start with `%s`, and says why', async (yaml, message) => {
  const subgraph = { name: 'a', url: 'http://127.0.0.1:1/', sdl: 'type Query { a: Int }' };
  await expect(startTestGateway([subgraph], {}, { files: { 'gateway.yaml': yaml } })).rejects.toThrow(
    message,
  );
});
