import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpPost } from '../../src/transport/http-post.ts';
import { ConnectionPool, type PoolLimits } from '../../src/transport/http1/connection-pool.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that is given whole requests, as Latin-1 texts, and writes what it likes. */
async function startServer(answer: (socket: Socket, request: string, connection: number) => void) {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const connection = ++connections;
    sockets.add(socket);
    let received = '';
    socket.setEncoding('latin1').on('data', (data) => {
      received += data;
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/.exec(received)?.[1]);
      if (end === -1 || received.length < end + 4 + length) return;
      const request = received;
      received = '';
      answer(socket, request, connection);
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, connections: () => connections };
}

function poolFor(origin: string, limits: Partial<PoolLimits> = {}): ConnectionPool {
  const pool = new ConnectionPool(origin, { connections: 10, answerLimit: 64_000_000, ...limits });
  closing.push(() => pool.close());
  return pool;
}

const post = (request: Partial<HttpPost> = {}): HttpPost => ({
  origin: '',
  path: '/graphql',
  headers: { 'content-type': 'application/json' },
  body: '{}',
  timeout: 10_000,
  cancelled: null,
  ...request,
});

const ok = (body: string, ...headers: string[]): string =>
  ['HTTP/1.1 200 OK', ...headers, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');

describe('what is sent', () => {
  it('has its length in bytes, headers in Latin-1, and the body in UTF-8', async () => {
    const requests: string[] = [];
    const { origin } = await startServer((socket, request) => {
      requests.push(request);
      socket.write(ok('{}'));
    });
    const pool = poolFor(origin);
    await pool.post(post({ body: '"ü€"' }));
    await pool.post(post({ body: '"ü€"', headers: { 'x-name': 'Zoë' } }));
    const bytes = Buffer.from('"ü€"').toString('latin1');
    const start = `POST /graphql HTTP/1.1\r\nhost: ${new URL(origin).host}\r\nconnection: keep-alive\r\n`;
    expect(requests).toEqual([
      `${start}content-type: application/json\r\ncontent-length: 7\r\n\r\n${bytes}`,
      `${start}x-name: Zo\xeb\r\ncontent-length: 7\r\n\r\n${bytes}`,
    ]);
  });

  it.each(['a\r\nb: c', 'a\nb', 'a\0', '€'])('is refused with a header %j', async (value) => {
    const { origin, connections } = await startServer((socket) => socket.write(ok('{}')));
    await expect(poolFor(origin).post(post({ headers: { 'x-name': value } }))).rejects.toThrow('x-name');
    expect(connections()).toBe(0);
  });
});

describe('an answer', () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  it.each([
    ['of a length', ok('{"a":"ü€"}'), '{"a":"ü€"}'],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
    ['in chunks', `${chunked}3\r\n{"a\r\nA;x="y"\r\n":"ü€"}\r\n0\r\nx: y\r\n\r\n`, '{"a":"ü€"}'],
    ['after others that are none', `HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n${ok('{}')}`, '{}'],
    ['with a byte order mark', ok('\ufeff{}'), '{}'],
  ])('%s is read, however it is cut up', async (_, response, text) => {
    const bytes = Buffer.from(response);
    let step = 1;
    const { origin, connections } = await startServer(async (socket) => {
      for (let start = 0; start < bytes.length; start += step) {
        await new Promise((sent) => socket.write(bytes.subarray(start, start + step), sent));
      }
    });
    const pool = poolFor(origin);
    for (step of [1, 7, bytes.length - 1, bytes.length]) {
      expect((await pool.post(post())).text).toBe(text);
    }
    expect(connections()).toBe(1);
  });

  it('that ends with its connection is read to there', async () => {
    const { origin, connections } = await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n{"a":');
      socket.end('1}');
    });
    const pool = poolFor(origin);
    expect((await pool.post(post())).text).toBe('{"a":1}');
    expect((await pool.post(post())).text).toBe('{"a":1}');
    expect(connections()).toBe(2);
  });

  it('of many megabytes is read', async () => {
    const body = JSON.stringify('ü'.repeat(8_000_000));
    const { origin } = await startServer((socket, request) =>
      request.includes('chunks')
        ? socket.write(`${chunked}${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`)
        : socket.write(ok(body)),
    );
    const pool = poolFor(origin);
    expect((await pool.post(post())).text === body).toBe(true);
    expect((await pool.post(post({ body: 'chunks' }))).text === body).toBe(true);
  });

  it('has its headers by lower-case name, those of one name together', async () => {
    const { origin } = await startServer((socket) =>
      socket.write(
        ok('{}', 'Cache-Control: a', 'cache-control:b', 'Set-Cookie: x=1', 'Set-Cookie: y=2', '__proto__: z'),
      ),
    );
    const { statusCode, headers } = await poolFor(origin).post(post());
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'cache-control': 'a, b', 'set-cookie': ['x=1', 'y=2'] });
    expect(Object.getPrototypeOf(headers)).toBe(null);
  });

  it.each([
    ['is no HTTP', 'hello\r\n\r\n'],
    ['is HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['has a wrong status', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['has a wrong header', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n'],
    ['has a blank before a colon', 'HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\n{}'],
    ['folds a header', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 2\r\n\r\n{}'],
    ['has two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    ['has a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}'],
    ['has a length and chunks', `${chunked.slice(0, -2)}content-length: 2\r\n\r\n{}`],
    ['is encoded', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n{}'],
    ['is followed by another', `${ok('{}')}${ok('{}')}`],
    ['has a chunk that is too long', `${chunked}2\r\n{}}\r\n0\r\n\r\n`],
    ['has a chunk without size', `${chunked}\r\n{}\r\n0\r\n\r\n`],
    ['has something after its chunks', `${chunked}2\r\n{}\r\n0\r\n\r\n{}`],
    ['has endless headers', `HTTP/1.1 200 OK\r\na: ${'b'.repeat(20_000)}`],
    ['has an endless chunk size', `${chunked}2;${'b'.repeat(20_000)}`],
  ])('that %s is refused, and its connection not used again', async (_, response) => {
    const { origin, connections } = await startServer((socket, request) =>
      socket.write(request.endsWith('good') ? ok('{}') : response),
    );
    const pool = poolFor(origin);
    await expect(pool.post(post())).rejects.toMatchObject({ name: 'MalformedResponseError' });
    expect((await pool.post(post({ body: 'good' }))).text).toBe('{}');
    expect(connections()).toBe(2);
  });

  it.each([
    ['a length', ok('{"a":1}')],
    ['chunks', `${chunked}4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n`],
    ['the end of its connection', 'HTTP/1.1 200 OK\r\n\r\n{"a":1}'],
  ])('with %s is refused when it is too large', async (_, response) => {
    const { origin } = await startServer((socket) => socket.end(response));
    const tooLarge = { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' };
    await expect(poolFor(origin, { answerLimit: 6 }).post(post())).rejects.toMatchObject(tooLarge);
    expect((await poolFor(origin, { answerLimit: 7 }).post(post())).text).toBe('{"a":1}');
  });

  it.each(['', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}', `${chunked}2\r\n{}\r\n`])(
    'that breaks off after %j is an error',
    async (start) => {
      const { origin } = await startServer((socket) => socket.end(start));
      await expect(poolFor(origin).post(post())).rejects.toMatchObject({ code: 'ECONNRESET' });
    },
  );

  it('from nobody is an error', async () => {
    const { origin } = await startServer(() => undefined);
    await closing.pop()?.();
    await expect(poolFor(origin).post(post())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('connections', () => {
  it('are not kept when the server says so', async () => {
    const { origin, connections } = await startServer((socket, _, connection) =>
      socket.write(connection === 1 ? ok('{}', 'Connection: close') : ok('{}').replace('1.1', '1.0')),
    );
    const pool = poolFor(origin);
    for (let request = 0; request < 3; request++) await pool.post(post());
    expect(connections()).toBe(3);
  });

  it('are not used when the server keeps them for less than a second', async () => {
    const { origin, connections } = await startServer((socket) =>
      socket.write(ok('{}', 'keep-alive: timeout=1')),
    );
    const pool = poolFor(origin);
    await pool.post(post());
    await pool.post(post());
    expect(connections()).toBe(2);
  });

  it.each([
    ['were ended meanwhile', (socket: Socket) => socket.end()],
    ['bring what nobody asked for', (socket: Socket) => socket.write(ok('{"bad":1}'))],
  ])('that %s are replaced', async (_, spoil) => {
    const sockets: Socket[] = [];
    const { origin, connections } = await startServer((socket) => {
      sockets.push(socket);
      socket.write(ok('{}'));
    });
    const pool = poolFor(origin);
    await pool.post(post());
    const [socket] = sockets;
    if (!socket) throw new Error('nobody connected');
    const closed = once(socket, 'close');
    spoil(socket);
    await closed;
    expect((await pool.post(post())).text).toBe('{}');
    expect(connections()).toBe(2);
  });

  it('are no more than allowed: the others wait for their turn, and may leave', async () => {
    const held: Socket[] = [];
    const { origin, connections } = await startServer((socket, request) => {
      if (request.endsWith('hold')) held.push(socket);
      else socket.write(ok(request.slice(-1)));
    });
    const pool = poolFor(origin, { connections: 2 });
    const first = [pool.post(post({ body: 'hold' })), pool.post(post({ body: 'hold' }))];
    const leaving = new AbortController();
    const left = pool.post(post({ body: '0', cancelled: leaving.signal }));
    const waiting = [1, 2, 3].map((n) => pool.post(post({ body: String(n) })));
    const late = pool.post(post({ body: '4', timeout: 1 }));
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
    while (held.length < 2) await new Promise(setImmediate);
    for (const socket of held) socket.write(ok('first'));
    expect((await Promise.all([...first, ...waiting])).map(({ text }) => text)).toEqual([
      'first',
      'first',
      '1',
      '2',
      '3',
    ]);
    expect(connections()).toBe(2);
  });

  it('are ended when their request is given up, and make room', async () => {
    let onHeld = () => undefined as unknown;
    const { origin, connections } = await startServer((socket, request) =>
      request.endsWith('hold') ? onHeld() : socket.write(ok('{}')),
    );
    const pool = poolFor(origin, { connections: 1 });
    await expect(pool.post(post({ body: 'hold', timeout: 30 }))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const leaving = new AbortController();
    const left = pool.post(post({ body: 'hold', cancelled: leaving.signal }));
    onHeld = () => leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect((await pool.post(post())).text).toBe('{}');
    expect(connections()).toBe(3);
    await expect(pool.post(post({ cancelled: AbortSignal.abort(new Error('before')) }))).rejects.toThrow(
      'before',
    );
  });

  it('are ended at the close, after the answers that are awaited', async () => {
    const held: Socket[] = [];
    const { origin } = await startServer((socket) => held.push(socket));
    const pool = new ConnectionPool(origin, { connections: 1, answerLimit: 100 });
    const answers = [pool.post(post()), pool.post(post())];
    const closed = pool.close();
    for (let request = 1; request <= 2; request++) {
      while (held.length < request) await new Promise(setImmediate);
      held.at(-1)?.write(ok(String(request)));
    }
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(['1', '2']);
    await closed;
  });
});
