import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ORDER_CHANGED, type Shop, startShop } from './support/shop.ts';
import { openSocket, type TestSocket } from './support/socket.ts';

let shop: Shop;
let gateway: TestGateway;

beforeAll(async () => {
  shop = await startShop();
  gateway = await startTestGateway([shop.orders, shop.customers]);
});

afterAll(async () => {
  await gateway.close();
  await shop.stop();
});

/** What a connection has been through when the message comes. */
const STATES = {
  new: async () => undefined,
  ready: (socket) => socket.init(),
  busy: async (socket) => {
    await socket.init();
    socket.subscribe('s', ORDER_CHANGED, { id: '1' });
    await shop.changed.reaches(1);
  },
  done: async (socket) => {
    await socket.init();
    socket.subscribe('s', 'subscription { ticks(count: 0) }');
    expect(await socket.receive()).toEqual({ id: 's', type: 'complete' });
  },
} satisfies Record<string, (socket: TestSocket) => Promise<void>>;

/** The type of the answer; the code the connection is closed with; or nothing, and the connection goes on. */
type Outcome = 'connection_ack' | 'pong' | 'next' | 'nothing' | number;

const QUERY = { query: '{ order { status } }' };
const subscribe = (payload: unknown, id: unknown = 'new') => ({ type: 'subscribe', id, payload });

/** The message, and its outcomes: on a new connection, on one that is ready, busy with `s`, done with `s`. */
const TABLE: [string, unknown, ...Outcome[]][] = [
  ['connection_init', { type: 'connection_init' }, 'connection_ack', 4429, 4429, 4429],
  [
    'connection_init with parameters',
    { type: 'connection_init', payload: {} },
    'connection_ack',
    4429,
    4429,
    4429,
  ],
  ['connection_init with a text', { type: 'connection_init', payload: 'a' }, 4400, 4400, 4400, 4400],
  ['ping', { type: 'ping' }, 'pong', 'pong', 'pong', 'pong'],
  ['ping with details', { type: 'ping', payload: { a: 1 } }, 'pong', 'pong', 'pong', 'pong'],
  ['ping with a list', { type: 'ping', payload: [] }, 4400, 4400, 4400, 4400],
  ['pong that nobody asked for', { type: 'pong' }, 'nothing', 'nothing', 'nothing', 'nothing'],
  ['pong with a text', { type: 'pong', payload: 'a' }, 4400, 4400, 4400, 4400],
  ['subscribe', subscribe(QUERY), 4401, 'next', 'next', 'next'],
  ['subscribe with the id of another', subscribe(QUERY, 's'), 4401, 'next', 4409, 'next'],
  ['subscribe with the id __proto__', subscribe(QUERY, '__proto__'), 4401, 'next', 'next', 'next'],
  ['subscribe without an id', { type: 'subscribe', payload: QUERY }, 4400, 4400, 4400, 4400],
  ['subscribe with an empty id', subscribe(QUERY, ''), 4400, 4400, 4400, 4400],
  ['subscribe with a number as id', subscribe(QUERY, 1), 4400, 4400, 4400, 4400],
  ['subscribe without a payload', subscribe(undefined), 4400, 4400, 4400, 4400],
  ['subscribe without a query', subscribe({}), 4400, 4400, 4400, 4400],
  ['subscribe with a list as query', subscribe({ query: [] }), 4400, 4400, 4400, 4400],
  ['subscribe with a text as variables', subscribe({ ...QUERY, variables: 'a' }), 4400, 4400, 4400, 4400],
  ['subscribe with a number as name', subscribe({ ...QUERY, operationName: 1 }), 4400, 4400, 4400, 4400],
  ['subscribe with a text as extensions', subscribe({ ...QUERY, extensions: 'a' }), 4400, 4400, 4400, 4400],
  ['complete', { type: 'complete', id: 's' }, 'nothing', 'nothing', 'nothing', 'nothing'],
  [
    'complete of what is not there',
    { type: 'complete', id: 'x' },
    'nothing',
    'nothing',
    'nothing',
    'nothing',
  ],
  ['complete without an id', { type: 'complete' }, 4400, 4400, 4400, 4400],
  ['connection_ack, which servers send', { type: 'connection_ack' }, 4400, 4400, 4400, 4400],
  ['next, which servers send', { type: 'next', id: 's', payload: { data: {} } }, 4400, 4400, 4400, 4400],
  [
    'error, which servers send',
    { type: 'error', id: 's', payload: [{ message: 'a' }] },
    4400,
    4400,
    4400,
    4400,
  ],
  ['a type that there is not', { type: 'start' }, 4400, 4400, 4400, 4400],
  ['no type', {}, 4400, 4400, 4400, 4400],
  ['a list', [], 4400, 4400, 4400, 4400],
  ['null', null, 4400, 4400, 4400, 4400],
  ['a text', 'connection_init', 4400, 4400, 4400, 4400],
];

const cases = TABLE.flatMap(([name, message, ...outcomes]) =>
  Object.entries(STATES).map(([state, reach], index) => ({
    name,
    state,
    reach,
    message: JSON.stringify(message),
    outcome: outcomes[index] as Outcome,
  })),
);

/** Sends a message and then a ping, whose answer tells that nothing else was said. */
async function outcomeOf(socket: TestSocket, message: string | Buffer): Promise<Outcome> {
  const closed = socket.closed.then(({ code }): Outcome => code);
  socket.socket.send(message, { binary: false });
  socket.socket.send('{"type":"ping","payload":{"mark":1}}');
  const answered = socket.receive().then((answer): Outcome => {
    const isMark = (answer.payload as { mark?: number } | undefined)?.mark === 1;
    return isMark ? 'nothing' : (answer.type as Outcome);
  });
  return Promise.race([closed, answered]);
}

describe('each message of graphql-transport-ws, in each state of a connection', () => {
  it.each(cases)('$state: $name → $outcome', async ({ reach, message, outcome }) => {
    const socket = await openSocket(gateway.endpoint);
    await reach(socket);
    // An operation of one result may be answered after the ping: the order of answers is that of their being ready.
    if (outcome === 'next') {
      socket.send(message);
      expect(await socket.receive()).toMatchObject({
        type: 'next',
        payload: { data: { order: { status: 'NEW' } } },
      });
    } else {
      expect(await outcomeOf(socket, message)).toBe(outcome);
    }
    await socket.close();
    await shop.changed.reaches(0);
  });
});

describe('what is no message at all closes the connection', () => {
  it.each<[string, string | Buffer, number]>([
    ['nothing', '', 4400],
    ['no JSON', '{"type":', 4400],
    ['a text that is not UTF-8', Buffer.from([0xff, 0xfe]), 1007],
  ])('%s', async (_name, message, code) => {
    const socket = await openSocket(gateway.endpoint);
    expect(await outcomeOf(socket, message)).toBe(code);
  });
});
