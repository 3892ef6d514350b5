import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTcpProxy, type TcpProxy } from '../../src/index.ts';

/** Answers each piece with the same piece, and closes when its client has. */
let server: Server;
let atServer: Socket[];
let proxy: TcpProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  atServer = [];
  server = createServer((socket) => {
    atServer.push(socket.on('error', () => undefined));
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await openTcpProxy(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.block();
  server.close();
});

/** A client, and what came back to it so far. */
async function connect() {
  const { hostname: host, port } = new URL(proxy.url);
  const socket = createConnection({ host, port: Number(port) });
  clients.push(socket);
  let got = '';
  socket.on('data', (chunk) => {
    got += chunk;
  });
  const closed = new Promise<string>((resolve) => {
    let how = 'closed';
    socket.on('error', (error: NodeJS.ErrnoException) => {
      how = String(error.code);
    });
    socket.on('close', () => resolve(how));
  });
  await once(socket, 'connect');
  return {
    socket,
    closed,
    got: () => got,
    /** Sends it, and waits until as much has come back. */
    async echo(sent: string) {
      got = '';
      socket.write(sent);
      while (got.length < sent.length) await Promise.race([once(socket, 'data'), failed(closed)]);
      return got;
    },
  };
}
const failed = (closed: Promise<string>) =>
  closed.then((how) => {
    throw new Error(how);
  });
const LONG = 'abcdefghij'.repeat(300_000); // 3 MB

it('takes everything through, and that a side has closed', async () => {
  const client = await connect();
  expect(await client.echo('hello')).toBe('hello');
  expect((await client.echo(LONG)) === LONG).toBe(true);
  expect(proxy.connections).toBe(1);
  client.socket.end();
  expect(await client.closed).toBe('closed');
});

it('takes an answer through that comes after its client has closed its own side', async () => {
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('end', () => socket.end(' and back'));
  });
  (server as Server & { allowHalfOpen: boolean }).allowHalfOpen = true;
  proxy.inject({ kind: 'delay', ms: 20 });
  const client = await connect();
  client.socket.end('there');
  expect(await client.closed).toBe('closed');
  expect(client.got()).toBe('there and back');
});

describe('a fault', () => {
  it('delays, each piece for itself, by as much as was drawn', async () => {
    await proxy.block();
    const drawn = [0, 1];
    const { port } = server.address() as AddressInfo;
    proxy = await openTcpProxy(`tcp://127.0.0.1:${port}`, { random: () => drawn.shift() ?? 0 });
    const client = await connect();
    proxy.inject({ kind: 'delay', ms: 30, jitter: 40 });
    const start = performance.now();
    expect(await client.echo('late')).toBe('late');
    // There without jitter, and back with all of it. A timer may be a millisecond early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(30 + 70 - 2);
    expect(drawn).toEqual([]);
    proxy.inject(null);
    expect((await client.echo(LONG)) === LONG).toBe(true);
  });

  it('throttles open connections', async () => {
    const client = await connect();
    proxy.inject({ kind: 'throttle', bytesPerSecond: 20_000 });
    const start = performance.now();
    await client.echo('x'.repeat(2_000));
    expect(performance.now() - start).toBeGreaterThanOrEqual(95);
    proxy.inject(null);
    expect((await client.echo(LONG)) === LONG).toBe(true);
  });

  it('truncates answers after so many bytes, on open connections and new ones', async () => {
    const open = await connect();
    await open.echo('before');
    proxy.inject({ kind: 'truncate', afterBytes: 4 });
    const fresh = await connect();
    for (const client of [open, fresh]) {
      await expect(client.echo('0123456789')).rejects.toThrow('closed');
      expect(client.got()).toBe('0123');
    }
    proxy.inject(null);
    expect(await (await connect()).echo('0123456789')).toBe('0123456789');
  });

  it('resets open connections and new ones', async () => {
    const open = await connect();
    await open.echo('before');
    proxy.inject({ kind: 'reset' });
    expect(await open.closed).toBe('ECONNRESET');
    // It may be reset before it has been noticed that it is there.
    const fresh = connect().then(
      ({ closed }) => closed,
      ({ code }) => code,
    );
    expect(await fresh).toBe('ECONNRESET');
    proxy.inject(null);
    expect(await (await connect()).echo('after')).toBe('after');
  });

  it('is a hole: connections are made, nothing comes back, and all of it comes when the hole is gone', async () => {
    const open = await connect();
    await open.echo('before');
    proxy.inject({ kind: 'hole' });
    const fresh = await connect();
    const answers = Promise.all([open.echo('one'), fresh.echo('two')]);
    // What goes past the hole would be there before this has gone there and back.
    const other = await openTcpProxy(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const beside = createConnection(Number(new URL(other.url).port), '127.0.0.1');
    beside.end('aside');
    expect(await text(beside)).toBe('aside');
    await other.block();
    expect([open.got(), fresh.got()]).toEqual(['', '']);
    proxy.inject(null);
    expect(await answers).toEqual(['one', 'two']);
  });

  it('is a hole that keeps from the server that its client has gone', async () => {
    const client = await connect();
    await client.echo('before');
    proxy.inject({ kind: 'hole' });
    client.socket.destroy();
    await client.closed;
    // The server still talks to somebody who is not there any more.
    await new Promise((resolve) => atServer[0]?.write('still there?', resolve));
    expect(atServer[0]?.readableEnded).toBe(false);
    const told = once(atServer[0] as Socket, 'close');
    proxy.inject(null);
    await told;
  });

  it('is that nobody listens, until they do again at the same address', async () => {
    const open = await connect();
    await proxy.block();
    await open.closed;
    await expect(connect()).rejects.toThrow('ECONNREFUSED');
    await proxy.unblock();
    expect(await (await connect()).echo('after')).toBe('after');
  });
});
