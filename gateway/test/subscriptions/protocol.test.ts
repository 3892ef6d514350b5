import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ADA, ORDER_CHANGED, type Shop, startShop } from './support/shop.ts';
import { openSocket } from './support/socket.ts';

let shop: Shop;
let gateway: TestGateway;

beforeAll(async () => {
  shop = await startShop();
  gateway = await startTestGateway([shop.orders, shop.customers], {
    WEBSOCKET_INIT_TIMEOUT_MS: '200',
    WEBSOCKET_MESSAGE_BYTES: '5000',
    OPERATIONS_PER_WEBSOCKET: '2',
  });
});

afterAll(async () => {
  await gateway.close();
  await shop.stop();
});

const open = (options = {}) => openSocket(gateway.endpoint, options);

describe('a WebSocket', () => {
  it('carries queries and mutations', async () => {
    const socket = await open();
    await socket.init();
    socket.subscribe('q', '{ order { status customer { name } } }');
    const data = { order: { status: 'NEW', customer: { name: 'ADA' } } };
    expect(await socket.receive()).toEqual({ id: 'q', type: 'next', payload: { data } });
    expect(await socket.receive()).toEqual({ id: 'q', type: 'complete' });
    socket.subscribe('m', 'mutation { advance(status: "PAID") { status } }');
    expect(await socket.receive()).toMatchObject({ payload: { data: { advance: { status: 'PAID' } } } });
    expect(await socket.receive()).toEqual({ id: 'm', type: 'complete' });
    await socket.close();
  });

  it('carries subscriptions, filled in by other subgraphs, until the client completes', async () => {
    const socket = await open();
    await socket.init();
    socket.subscribe('s', ORDER_CHANGED, { id: '1' });
    await shop.changed.reaches(1);
    for (const status of ['PAID', 'SENT']) shop.changed.publish({ id: '1', status, customer: ADA });
    for (const status of ['PAID', 'SENT']) {
      const data = { orderChanged: { status, customer: { name: 'ADA', viewer: 'nobody' } } };
      expect(await socket.receive()).toEqual({ id: 's', type: 'next', payload: { data } });
    }
    socket.send({ id: 's', type: 'complete' });
    await shop.changed.reaches(0);
    await socket.close();
  });

  it('may use an id again in the moment in which it is free', async () => {
    const socket = await open();
    await socket.init();
    socket.subscribe('s', ORDER_CHANGED, { id: '1' });
    await shop.changed.reaches(1);
    socket.socket.send(JSON.stringify({ id: 's', type: 'complete' }));
    socket.subscribe('s', 'subscription { ticks(count: 2) }');
    for (const ticks of [1, 2]) {
      expect(await socket.receive()).toEqual({ id: 's', type: 'next', payload: { data: { ticks } } });
    }
    expect(await socket.receive()).toEqual({ id: 's', type: 'complete' });
    await shop.changed.reaches(0);
    await socket.close();
  });

  it('answers pings of the protocol', async () => {
    const socket = await open();
    await socket.init();
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.receive()).toEqual({ type: 'pong', payload: { at: 1 } });
    await socket.close();
  });
});

describe('what is wrong with one operation', () => {
  it.each([
    ['a syntax error', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable that is missing', ORDER_CHANGED, 'BAD_USER_INPUT'],
    ['an upstream that refuses it', 'subscription { refused }', 'INTERNAL_SERVER_ERROR'],
  ])('ends it alone: %s', async (_, query, code) => {
    const socket = await open();
    await socket.init();
    socket.subscribe('sibling', ORDER_CHANGED, { id: '1' });
    await shop.changed.reaches(1);
    socket.subscribe('wrong', query);
    const { payload, ...message } = await socket.receive();
    expect(message).toEqual({ id: 'wrong', type: 'error' });
    expect(payload).toMatchObject([{ extensions: { code } }]);
    expect(JSON.stringify(payload)).not.toContain('hunter2');
    shop.changed.publish({ id: '1', status: 'PAID' });
    expect(await socket.receive()).toMatchObject({ id: 'sibling', type: 'next' });
    await socket.close();
    await shop.changed.reaches(0);
  });

  it('ends it alone: more operations than are allowed', async () => {
    const socket = await open();
    await socket.init();
    for (const id of ['1', '2']) socket.subscribe(id, ORDER_CHANGED, { id });
    await shop.changed.reaches(2);
    socket.subscribe('3', ORDER_CHANGED, { id: '3' });
    const code = 'SUBSCRIPTION_LIMIT';
    expect(await socket.receive()).toMatchObject({
      id: '3',
      type: 'error',
      payload: [{ extensions: { code } }],
    });
    await socket.close();
    await shop.changed.reaches(0);
  });
});

describe('a client that breaks the protocol', () => {
  it.each<[string, number, string[]]>([
    ['no JSON', 4400, ['nonsense']],
    ['a message of no type', 4400, ['{"type":"nonsense"}']],
    [
      'an operation before connection_init',
      4401,
      ['{"type":"subscribe","id":"1","payload":{"query":"{ a }"}}'],
    ],
    ['connection_init twice', 4429, ['{"type":"connection_init"}', '{"type":"connection_init"}']],
    [
      'an id twice',
      4409,
      [
        '{"type":"connection_init"}',
        ...[1, 2].map(() =>
          JSON.stringify({
            type: 'subscribe',
            id: '1',
            payload: { query: ORDER_CHANGED, variables: { id: 1 } },
          }),
        ),
      ],
    ],
    ['a message that is too large', 1009, [`{"type":"ping","payload":{"a":"${'a'.repeat(5_000)}"}}`]],
    ['no connection_init in time', 4408, []],
  ])('is closed: %s (%d)', async (_, code, messages) => {
    const socket = await open();
    for (const message of messages) {
      socket.send(message);
      if (message.includes('connection_init')) await new Promise(setImmediate);
    }
    expect(await socket.closed).toMatchObject({ code });
  });

  it('is closed: another sub-protocol, or none (4406)', async () => {
    const socket = await open({ protocols: [] });
    expect(await socket.closed).toMatchObject({ code: 4406 });
    await expect(open({ protocols: ['graphql-ws'] })).rejects.toThrow('Server sent no subprotocol');
  });
});

describe('an upgrade', () => {
  it('is refused at another path', async () => {
    await expect(openSocket(gateway.endpoint.replace('graphql', 'other'))).rejects.toThrow('404');
  });

  it('to something else is not made, and the request answered as it is', async () => {
    const response = await fetchWithUpgrade(gateway.endpoint, '{"query":"{ order { status } }"}');
    expect(response).toContain('HTTP/1.1 200 OK');
    expect(response).toContain('{"data":{"order":{"status":"NEW"}}}');
  });
});

/** A request as Java's HTTP client sends its first one. */
async function fetchWithUpgrade(endpoint: string, body: string): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  const lines = [
    'POST /graphql HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
  socket.write(body.slice(5));
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.includes('}}}')) break;
  }
  return text;
}
