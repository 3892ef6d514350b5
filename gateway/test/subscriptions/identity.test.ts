import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IDENTITY_HEADER } from '@tributary/platform';
import { startTestGateway } from '../support/gateway.ts';
import { type ServedShop, serveShop } from './support/served-shop.ts';
import { ADA, ORDER_CHANGED } from './support/shop.ts';
import { openSocket, type SocketOptions } from './support/socket.ts';

const [ANN, BOB] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];
let served: ServedShop;

beforeAll(async () => {
  served = await serveShop({ COOKIES: 'orders=session' });
});
afterAll(() => served?.stop());

const open = (options: SocketOptions = {}) => openSocket(served.gateway.endpoint, options);
const bearer = async (subject: string, lifetime?: number) =>
  `Bearer ${await served.issuer.token(subject, lifetime === undefined ? {} : { lifetime })}`;

/** Subscribes, and tells who the upstream and the fill-in were told that asks. */
async function whoIs(options: SocketOptions, payload?: Record<string, unknown>) {
  const socket = await open(options);
  await socket.init(payload);
  socket.subscribe('1', ORDER_CHANGED, { id: '1' });
  await served.shop.changed.reaches(1);
  const upstream = served.shop.begun.at(-1);
  served.shop.changed.publish({ id: '1', status: 'PAID', customer: ADA });
  const message = await socket.receive();
  const { data } = message.payload as { data: { orderChanged: { customer: { viewer: string } } } };
  await socket.close();
  await served.shop.changed.reaches(0);
  return {
    upstream: upstream?.subject,
    fillIn: data.orderChanged.customer.viewer,
    headers: upstream?.headers,
  };
}

describe('who is asking', () => {
  it.each<[string, (token: string) => [SocketOptions, Record<string, unknown>?]]>([
    ['connection_init', (authorization) => [{}, { authorization }]],
    ['connection_init, in upper case', (token) => [{}, { Authorization: token }]],
    ['the headers of connection_init', (token) => [{}, { headers: { Authorization: token } }]],
    ['the upgrade', (authorization) => [{ headers: { authorization } }]],
  ])('is told by %s, for the upstream and each fill-in', async (_, how) => {
    expect(await whoIs(...how(await bearer(ANN)))).toMatchObject({ upstream: ANN, fillIn: ANN });
  });

  it('is told to the subgraph on the upgrade and in connection_init, without the address of one of many', async () => {
    await whoIs({}, { authorization: await bearer(ANN) });
    const { headers, payload, address } = served.shop.begun.at(-1) ?? {};
    const [identity, requestId] = [headers?.[IDENTITY_HEADER], headers?.['x-request-id']];
    expect(identity).toEqual(expect.any(String));
    expect(payload).toMatchObject({ headers: { [IDENTITY_HEADER]: identity, 'x-request-id': requestId } });
    expect(address).toBeNull();
  });

  it('is nobody when nobody said', async () => {
    expect(await whoIs({})).toMatchObject({ upstream: undefined, fillIn: 'nobody' });
  });

  it.each([
    ['is no token', 'Bearer nonsense'],
    ['is no bearer token', 'Basic YTpi'],
  ])('ends the connection when it %s (4403)', async (_, authorization) => {
    const socket = await open();
    socket.send({ type: 'connection_init', payload: { authorization } });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  it('ends the connection when the token is over, no later than it (4403)', async () => {
    const socket = await open();
    const expires = Math.floor(Date.now() / 1_000) * 1_000 + 1_000;
    await socket.init({ authorization: await bearer(ANN, 1) });
    socket.subscribe('1', ORDER_CHANGED, { id: '1' });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Forbidden: the access token has expired' });
    expect(Date.now()).toBeLessThan(expires + 1_000);
    await served.shop.changed.reaches(0);
  });

  it('goes on with a newer token of the same user that comes in a ping, and with no other', async () => {
    const socket = await open();
    await socket.init({ authorization: await bearer(ANN, 1) });
    socket.send({ type: 'ping', payload: { authorization: await bearer(ANN) } });
    expect(await socket.receive()).toMatchObject({ type: 'pong' });
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // until the first token is over
    socket.subscribe('1', '{ order { status } }');
    expect(await socket.receive()).toMatchObject({ type: 'next' });
    socket.send({ type: 'ping', payload: { authorization: await bearer(BOB) } });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  it('is told by the cookie of a subgraph, when the page is of the same site', async () => {
    const { host, origin } = new URL(served.gateway.endpoint);
    const cookie = 'session=secret; other=no';
    const cookieFor = async (headers: Record<string, string>) =>
      (await whoIs({ headers: { cookie, ...headers } })).headers?.cookie;
    expect(await cookieFor({ origin })).toBe('session=secret');
    expect(await cookieFor({ origin: `https://${host}` })).toBe('session=secret');
    expect(await cookieFor({})).toBe('session=secret');
  });

  it('is not told by a cookie to pages of other sites, which open no WebSocket', async () => {
    for (const origin of ['https://evil.example', 'null']) {
      await expect(open({ headers: { cookie: 'session=secret', origin } })).rejects.toThrow('403');
    }
  });
});

describe('a gateway that verifies no tokens', () => {
  it('hands on the one that a client sent', async () => {
    const other = await startTestGateway([served.shop.orders, served.shop.customers]);
    const socket = await openSocket(other.endpoint);
    await socket.init({ authorization: 'Bearer of-the-client' });
    socket.subscribe('1', ORDER_CHANGED, { id: '1' });
    await served.shop.changed.reaches(1);
    expect(served.shop.begun.at(-1)?.headers.authorization).toBe('Bearer of-the-client');
    await other.close();
  });
});
