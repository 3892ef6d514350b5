import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createCallerSigner, IDENTITY_HEADER } from '@tributary/platform';
import { identityHeaders, openSubscriber, someViewer, type TestSubscriber } from '@tributary/testing';
import { WebSocket } from 'ws';
import { startTicker, type Ticker } from './support/ticker.ts';

const TICKED = 'subscription ($name: String!) { ticked(name: $name) { number } }';
const staff = someViewer('STAFF');
let ticker: Ticker;
const subscribers: TestSubscriber[] = [];
beforeAll(async () => {
  ticker = await startTicker();
});
afterEach(async () => {
  for (const subscriber of subscribers.splice(0)) await subscriber.close();
});
afterAll(() => ticker?.close());

const open = (...[options, url = ticker.url]: [Parameters<typeof openSubscriber>[1]?, string?]) => {
  const subscriber = openSubscriber(url, options);
  subscribers.push(subscriber);
  return subscriber;
};
const gauge = async (name: string) => (await ticker.metrics.getSingleMetric(name)?.get())?.values[0]?.value;

/** A socket of which the test writes the frames. */
async function rawSocket(protocol = 'graphql-transport-ws') {
  const socket = new WebSocket(ticker.url.replace('http', 'ws'), protocol);
  await once(socket, 'open');
  return socket;
}
const closeOf = async (socket: WebSocket) => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return { code, reason: String(reason) };
};

describe('who is asking', () => {
  const VIEWER = 'subscription { ticked(name: "v") { viewer } }';
  const CUSTOMER = someViewer('CUSTOMER');

  it('is read from the headers of the upgrade', async () => {
    const [first] = await open({ headers: await identityHeaders(CUSTOMER) })
      .subscribe(VIEWER)
      .take(1);
    expect(first).toMatchObject({ data: { ticked: { viewer: CUSTOMER.userId } } });
  });

  it('is read from connection_init where a proxy dropped the headers', async () => {
    const headers = { [IDENTITY_HEADER.toUpperCase()]: (await identityHeaders(CUSTOMER))[IDENTITY_HEADER] };
    const [first] = await open({ connectionParams: { headers } }).subscribe(VIEWER).take(1);
    expect(first).toMatchObject({ data: { ticked: { viewer: CUSTOMER.userId } } });
  });

  it('is nobody when nothing is said', async () => {
    expect(await open().subscribe(VIEWER).take(1)).toMatchObject([{ data: { ticked: { viewer: null } } }]);
  });

  it('is refused with 4403 when the signature does not hold, wherever it is', async () => {
    const forged = await createCallerSigner('x'.repeat(32))({
      identity: { subject: '1', scopes: ['admin'] },
      service: null,
      clientAddress: null,
    });
    const headers = { [IDENTITY_HEADER]: forged };
    for (const options of [{ headers }, { connectionParams: { headers } }]) {
      const { ended } = open(options).subscribe(VIEWER);
      expect(await ended).toEqual({ code: 4403, reason: 'Forbidden' });
    }
  });

  it('has to have the role, before anything is subscribed to', async () => {
    const query = 'subscription { staffTicked { number } }';
    const codes = [];
    for (const viewer of [null, CUSTOMER]) {
      const subscription = open({ headers: await identityHeaders(viewer) }).subscribe(query);
      expect(await subscription.ended).toBeNull();
      codes.push(subscription.results[0]?.errors?.[0]?.extensions?.code);
    }
    expect(codes).toEqual(['UNAUTHENTICATED', 'FORBIDDEN']);
    const seen = await open({ headers: await identityHeaders(staff) })
      .subscribe(query)
      .take(1);
    expect(seen).toMatchObject([{ data: { staffTicked: { number: 0 } } }]);
  });

  it('is written down for each event that staff reads, before it is sent', async () => {
    ticker.reads.length = 0;
    const subscription = open({ headers: await identityHeaders(staff) }).subscribe(VIEWER);
    await subscription.take(1);
    await ticker.tick('v', 2);
    await subscription.take(2);
    expect(ticker.reads).toEqual(['ticks.read', 'ticks.read']);
  });
});

describe('events', () => {
  it('come as the state changes, each in a context of its own', async () => {
    const subscription = open().subscribe<{ ticked: { number: number; context: number } }>(
      'subscription { ticked(name: "a") { number context } }',
    );
    await subscription.take(1);
    await ticker.tick('a', 1);
    await subscription.take(2);
    await ticker.tick('b', 5);
    await ticker.tick('a', 2);
    const seen = (await subscription.take(3)).map(({ data }) => data?.ticked);
    expect(seen.map((tick) => tick?.number)).toEqual([0, 1, 2]);
    expect(new Set(seen.map((tick) => tick?.context)).size).toBe(3);
    // For the gateway to tell the state to who joins.
    expect(subscription.results.map(({ extensions }) => extensions)).toEqual([
      { stateKey: 'a' },
      { stateKey: 'a' },
      { stateKey: 'a' },
    ]);
  });

  it('are the latest state for who is slow, and nobody else waits', async () => {
    const slow = await rawSocket();
    slow.send(JSON.stringify({ type: 'connection_init' }));
    await once(slow, 'message');
    const query = 'subscription { ticked(name: "s") { number padding(length: 3000000) } }';
    slow.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    await once(slow, 'message');
    slow.pause();
    const fast = open().subscribe<{ ticked: { number: number } }>(
      'subscription { ticked(name: "s") { number } }',
    );
    await fast.take(1);
    for (let n = 1; n <= 200; n += 1) {
      await ticker.tick('s', n);
      await fast.take(n + 1);
    }
    expect(fast.results).toHaveLength(201);
    const numbers: number[] = [];
    const caughtUp = new Promise<void>((resolve) => {
      slow.on('message', (data) => {
        const { number } = JSON.parse(String(data)).payload.data.ticked;
        numbers.push(number);
        if (number === 200) resolve();
      });
    });
    slow.resume();
    await caughtUp;
    expect(numbers.length).toBeLessThan(20); // what the sockets had buffered, and the last state
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    slow.terminate();
  });

  it('end with the one whose field is null', async () => {
    const subscription = open().subscribe(TICKED, { name: 'lost' });
    await subscription.take(1);
    await ticker.tick('lost', -2);
    expect(await subscription.ended).toBeNull();
    expect(subscription.results).toMatchObject([
      { data: { ticked: { number: 0 } } },
      { data: { ticked: null } },
    ]);
  });

  it('stop when the client ends them, or goes away, while they wait', async () => {
    const subscriber = open();
    const [first, second] = ['x', 'y'].map((name) => subscriber.subscribe(TICKED, { name }));
    await first?.take(1);
    await second?.take(1);
    expect(await gauge('subscriptions')).toBe(2);
    first?.stop();
    const subscription = subscriber.subscribe(TICKED, { name: 'z' });
    await subscription.take(1); // taken after the end of the first
    expect(await gauge('subscriptions')).toBe(2);
    await subscriber.close();
    while ((await gauge('subscriptions')) !== 0) await new Promise(setImmediate);
    expect(await gauge('subscription_connections')).toBe(0);
  });
});

describe('what is wrong with one subscription', () => {
  it.each([
    ['a syntax error', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { other }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing variable', TICKED, {}, 'BAD_USER_INPUT'],
    ['a NUL character', TICKED, { name: '\0' }, 'BAD_USER_INPUT'],
    ['a query', '{ ok }', {}, 'OPERATION_RESOLUTION_FAILURE'],
    ['a mutation', 'mutation { ok }', {}, 'OPERATION_RESOLUTION_FAILURE'],
    [
      'no chosen operation',
      'subscription A { ticked(name: "a") { number } } subscription B { ticked(name: "b") { number } }',
      {},
      'OPERATION_RESOLUTION_FAILURE',
    ],
  ])('ends that one only: %s', async (_case, query, variables, code) => {
    const subscriber = open();
    const sibling = subscriber.subscribe(TICKED, { name: 'sibling' });
    await sibling.take(1);
    const ended = await subscriber.subscribe(query, variables).ended;
    expect(ended).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code }) })]);
    await ticker.tick('sibling', 1);
    await sibling.take(2);
  });

  it('is told where nothing can be subscribed to', async () => {
    const subscription = open().subscribe(TICKED, { name: 'nobody' });
    expect(await subscription.ended).toBeNull();
    expect(subscription.results).toEqual([
      {
        errors: [
          expect.objectContaining({
            message: 'There is no such name.',
            path: ['ticked'],
            extensions: { code: 'NOT_FOUND' },
          }),
        ],
      },
    ]);
  });

  it('is a number to ask about when it is a fault, of a field or of the source', async () => {
    const subscriber = open();
    const internal = {
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', incident: expect.any(String) },
    };
    const [field] = await subscriber
      .subscribe('subscription { ticked(name: "f") { number broken } }')
      .take(1);
    expect(field?.data).toEqual({ ticked: { number: 0, broken: null } });
    expect(field?.errors).toEqual([expect.objectContaining(internal)]);
    const source = subscriber.subscribe(TICKED, { name: 'source' });
    await source.take(1);
    await ticker.tick('source', -1);
    expect(await source.ended).toBeNull();
    expect(source.results[1]).toEqual({ errors: [expect.objectContaining(internal)] });
    expect(JSON.stringify(source.results)).not.toContain('secret');
  });

  it('is refused beyond the limit of a connection', async () => {
    const small = await startTicker({ maxSubscriptions: 1 });
    const subscriber = open({}, small.url);
    const first = subscriber.subscribe(TICKED, { name: 'a' });
    await first.take(1);
    const second = subscriber.subscribe(TICKED, { name: 'b' });
    await second.ended;
    expect(second.results[0]?.errors?.[0]?.extensions?.code).toBe('TOO_MANY_SUBSCRIPTIONS');
    await small.tick('a', 1);
    await first.take(2);
    first.stop();
    await subscriber.subscribe(TICKED, { name: 'b' }).take(1);
    await subscriber.close();
    await small.close();
  });
});

describe('a socket', () => {
  it('that speaks another protocol is closed with 4406', async () => {
    const socket = new WebSocket(ticker.url.replace('http', 'ws'));
    expect((await closeOf(socket)).code).toBe(4406);
  });

  it('that does not begin is closed with 4408', async () => {
    expect((await closeOf(await rawSocket())).code).toBe(4408);
  });

  it('that sends too much at once is closed with 1009', async () => {
    const socket = await rawSocket();
    socket.send('x'.repeat(1_000_001));
    expect((await closeOf(socket)).code).toBe(1009);
  });

  it('for another path is not made', async () => {
    const socket = new WebSocket(`${ticker.url.replace('http', 'ws')}/other`, 'graphql-transport-ws');
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('404');
  });

  it('is closed with 1001 when the service ends, and is refused from then on', async () => {
    const ending = await startTicker();
    const subscription = open({}, ending.url).subscribe(TICKED, { name: 'a' });
    await subscription.take(1);
    const closed = ending.close();
    expect(await subscription.ended).toEqual({ code: 1001, reason: 'Going away' });
    await closed;
    expect(await open({}, ending.url).subscribe(TICKED, { name: 'a' }).ended).toMatchObject({ code: 0 });
  });
});
