import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createHttpService,
  createLogger,
  createMetrics,
  type HttpService,
  type HttpServiceOptions,
} from '../src/index.ts';

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

const services: HttpService[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(services.splice(0).map((service) => service.close()));
});

async function start(options: Partial<HttpServiceOptions> = {}) {
  const service = createHttpService({
    HOST: '127.0.0.1',
    PORT: 0,
    ADMIN_PORT: 0,
    logger,
    metrics: createMetrics('test'),
    ...options,
  });
  services.push(service);
  return { service, ...(await service.listen()) };
}

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Whether somebody listens. */
async function connects(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe('closing a service', () => {
  it.each([
    ['has sent nothing yet', ''],
    ['has sent half of a request', 'POST /health/live HTTP/1.1\r\nhost: x\r\n'],
  ])('does not wait for a connection that %s', async (_what, text) => {
    const { service, url } = await start();
    const socket = await open(url);
    if (text !== '') await new Promise((sent) => socket.write(text, sent));
    // An answer on a later connection shows that the service knows of this one.
    expect((await fetch(`${url}/health/live`, { headers: { connection: 'close' } })).status).toBe(200);
    await Promise.all([once(socket, 'close'), service.close()]);
  });

  it('answers who connected just before, and who is still connected', async () => {
    const { service, url } = await start();
    const open1 = await open(url);
    const asked = (socket: Socket) => socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    // The connection of this answer stays open, and in use: half of the next request was sent.
    asked(open1);
    await once(open1, 'data');
    open1.write('GET /health/live HTTP/1.1\r\n');
    // That the server has read it, an answer to what was sent later shows.
    expect((await fetch(`${url}/health/live`, { headers: { connection: 'close' } })).status).toBe(200);
    const newcomer = await open(url);
    const closed = service.close();
    // A new connection in every turn would have it listen to the end of its patience.
    while (await connects(url)) await pause(20);
    open1.write('host: x\r\n\r\n');
    asked(newcomer);
    for (const socket of [open1, newcomer]) {
      const [answer] = await once(socket, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(String(answer)).toMatch(/\r\nconnection: close\r\n/i);
    }
    await closed;
  });

  it('waits for a request, on whatever connection', async () => {
    const service = createHttpService({
      HOST: '127.0.0.1',
      PORT: 0,
      ADMIN_PORT: 0,
      logger,
      metrics: createMetrics('test'),
    });
    services.push(service);
    let answer = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      service.app.get('/slow', async () => {
        resolve();
        await new Promise<void>((answered) => {
          answer = answered;
        });
        return 'done';
      });
    });
    const { url } = await service.listen();
    const asked = fetch(`${url}/slow`);
    await reached;
    const closed = service.close();
    answer();
    expect(await (await asked).text()).toBe('done');
    await closed;
  });
});

describe('/health/ready', () => {
  it('tells more than whether it is', async () => {
    const { service, url } = await start({ details: { schema: () => ({ id: 'a' }) } });
    const ready = async () => {
      const response = await fetch(`${url}/health/ready`);
      return [response.status, await response.json()];
    };
    expect(await ready()).toEqual([200, { status: 'ok', checks: {}, schema: { id: 'a' } }]);
    service.drain();
    expect(await ready()).toEqual([503, { status: 'draining', checks: {}, schema: { id: 'a' } }]);
  });

  it('does not wait for a dependency that hangs', async () => {
    const { url } = await start({ readiness: { database: () => new Promise(() => undefined) } });
    const response = await fetch(`${url}/health/ready`);
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'unavailable', checks: { database: 'unavailable' } },
    ]);
  });

  it('tells details, on which readiness does not depend', async () => {
    const { url } = await start({ details: { neighbours: () => ({ books: 'down' }) } });
    const response = await fetch(`${url}/health/ready`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'ok', checks: {}, neighbours: { books: 'down' } },
    ]);
  });
});

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

(hasIPv6 ? describe : describe.skip)('the address of a service', () => {
  it.each([['::1'], ['::'], ['0.0.0.0'], ['localhost']])('that listens at %s is a URL', async (HOST) => {
    const { url } = await start({ HOST });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});
