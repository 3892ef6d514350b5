import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Environment } from '@tributary/platform';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ADA, ORDER_CHANGED, type Shop, startShop } from './support/shop.ts';
import { openSocket, type TestSocket } from './support/socket.ts';

let shop: Shop;
const open: TestGateway[] = [];

beforeAll(async () => {
  shop = await startShop();
});

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

afterAll(async () => {
  await shop.stop();
});

async function start(env: Environment): Promise<TestGateway> {
  const gateway = await startTestGateway([shop.orders, shop.customers], env);
  open.push(gateway);
  return gateway;
}

async function listen(gateway: TestGateway): Promise<TestSocket> {
  const socket = await openSocket(gateway.endpoint);
  await socket.init();
  socket.subscribe('1', ORDER_CHANGED, { id: '1' });
  return socket;
}

const metric = async (gateway: TestGateway, line: string): Promise<number> => {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(line));
  return Number(found?.split(' ').at(-1));
};

describe('a client that does not read', () => {
  it('is cut off, while the others get every event', async () => {
    const gateway = await start({ CLIENT_BUFFER_BYTES: '200000' });
    const [slow, fast] = [await listen(gateway), await listen(gateway)];
    await shop.changed.reaches(1);
    const closed = once(slow.socket, 'close');
    slow.socket.pause();
    const status = 'x'.repeat(100_000);
    let sent = 0;
    // The kernel's buffers take some megabytes before the gateway's does.
    while ((await metric(gateway, 'gateway_subscription_drops_total{reason="slow"')) !== 1) {
      shop.changed.publish({ id: String(sent), status, customer: ADA });
      sent++;
      expect(await fast.receive()).toMatchObject({ type: 'next' });
      expect(sent).toBeLessThan(1_000);
    }
    expect(shop.changed.listeners).toBe(1);
    slow.socket.resume();
    await closed;
    await fast.close();
    await shop.changed.reaches(0);
  });

  it('is cut off on an event stream as well', async () => {
    const gateway = await start({ CLIENT_BUFFER_BYTES: '200000' });
    const answer = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query: ORDER_CHANGED, variables: { id: '1' } }),
    });
    await shop.changed.reaches(1);
    const status = 'x'.repeat(100_000);
    for (let sent = 0; shop.changed.listeners > 0; sent++) {
      shop.changed.publish({ id: String(sent), status, customer: ADA });
      await new Promise(setImmediate);
      expect(sent).toBeLessThan(10_000);
    }
    await expect(answer.text()).rejects.toThrow();
    expect(await metric(gateway, 'gateway_subscription_drops_total{reason="slow"')).toBe(1);
  });
});

describe('a client that is gone without a word', () => {
  it('is found out by a ping', async () => {
    const gateway = await start({ CLIENT_PING_MS: '100' });
    const socket = await openSocket(gateway.endpoint);
    await socket.init();
    await once(socket.socket, 'ping');
    socket.subscribe('1', ORDER_CHANGED, { id: '1' });
    await shop.changed.reaches(1);
    socket.socket.pong = () => undefined;
    Reflect.set(socket.socket, '_autoPong', false);
    await shop.changed.reaches(0);
    expect(await socket.closed).toMatchObject({ code: 1006 });
  });
});

describe('connections of one address', () => {
  it('are so many and no more, of both kinds together', async () => {
    const gateway = await start({ CONNECTIONS_PER_CLIENT: '2' });
    const [first, second] = [await openSocket(gateway.endpoint), await openSocket(gateway.endpoint)];
    const third = await openSocket(gateway.endpoint);
    expect(await third.closed).toEqual({ code: 1013, reason: 'Too many connections from this address' });
    const stream = () =>
      fetch(`${gateway.endpoint}?query={__typename}`, {
        headers: { accept: 'text/event-stream', 'apollo-require-preflight': '1' },
      });
    const refused = await stream();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'TOO_MANY_CONNECTIONS' } }],
    });
    await first.close();
    expect((await stream()).status).toBe(200);
    await second.close();
  });

  it('are told apart behind a proxy that is believed', async () => {
    const gateway = await start({ CONNECTIONS_PER_CLIENT: '1', TRUST_PROXY: '1' });
    const from = (address: string) =>
      openSocket(gateway.endpoint, { headers: { 'x-forwarded-for': address } });
    const [first, other, again] = [await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.1')];
    expect(await again.closed).toMatchObject({ code: 1013 });
    await Promise.all([first.init(), other.init()]);
  });
});

describe('a subscription whose events come faster than they are filled in', () => {
  it('is ended', async () => {
    const gateway = await start({ SUBSCRIPTION_PENDING_EVENTS: '5' });
    const socket = await listen(gateway);
    await shop.changed.reaches(1);
    for (let id = 0; id < 50; id++) shop.changed.publish({ id: String(id), status: 'NEW', customer: ADA });
    let message = await socket.receive();
    while (message.type === 'next') message = await socket.receive();
    expect(message).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'SUBSCRIPTION_OVERRUN' } }],
    });
    await shop.changed.reaches(0);
  });
});

describe('the metrics', () => {
  it('tell what is open, and what was sent', async () => {
    const gateway = await start({});
    const sockets = [await listen(gateway), await listen(gateway)];
    await shop.changed.reaches(1);
    shop.changed.publish({ id: '1', status: 'NEW', customer: ADA });
    for (const socket of sockets) await socket.receive();
    const figures = (names: string[]) => Promise.all(names.map((name) => metric(gateway, name)));
    const open = [
      'gateway_client_connections{transport="websocket"',
      'gateway_subscriptions{',
      'gateway_upstream_subscriptions{subgraph="orders"',
    ];
    expect(await figures(open)).toEqual([2, 2, 1]);
    expect(
      await figures([
        'gateway_subscription_events_received_total{subgraph="orders"',
        'gateway_subscription_events_sent_total{',
        'gateway_subscription_fill_in_seconds_count{',
        'gateway_client_buffered_bytes{',
      ]),
    ).toEqual([1, 2, 1, 0]);
    for (const socket of sockets) await socket.close();
    await shop.changed.reaches(0);
    expect(await figures(open)).toEqual([0, 0, 0]);
  });
});
