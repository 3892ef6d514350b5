import { EventEmitter, on } from 'node:events';
import type { Http2ServerResponse } from 'node:http2';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createCertificate } from '@tributary/testing';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import {
  type Protocol,
  type ProtocolListener,
  type ProtocolServer,
  startProtocol,
} from '../support/protocol-server.ts';

const certificate = createCertificate();
const SDL = 'type Query { a(n: Int): Int } type Mutation { change(n: Int): Int }';

let server: ProtocolServer;
let gateway: TestGateway;

afterEach(async () => {
  await Promise.all([server.stop(), gateway.close()]);
});

const answer = (response: Http2ServerResponse, text = '{"data":{"a":1}}') => {
  response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': ['x=1', 'y=2'] });
  response.end(text);
};
const answerAtOnce: ProtocolListener = (_request, response) => answer(response);

async function start(protocol: Protocol, settings: string, listener = answerAtOnce, env = {}): Promise<void> {
  server = await startProtocol(protocol, certificate, listener);
  gateway = await startTestGateway([{ name: 'a', url: server.url, sdl: SDL }], env, {
    files: {
      'ca.pem': certificate.cert,
      'gateway.yaml': `subgraphs:\n  a: { ${settings} }\n`,
    },
  });
}

const ask = (n = 0) => gateway.query({ query: 'query ($n: Int) { a(n: $n) }', variables: { n } });

describe('a subgraph', () => {
  it.each<[Protocol, string, string]>([
    ['h2', 'http2: true, ca: ca.pem', '2.0'],
    ['h2 or http/1.1', 'http2: true, ca: ca.pem', '2.0'],
    ['h2 or http/1.1', 'http2: h2c, ca: ca.pem', '2.0'],
    ['h2 or http/1.1', 'http2: false, ca: ca.pem', '1.1'],
    ['h2 or http/1.1', 'ca: ca.pem', '1.1'],
    ['http/1.1', 'http2: true, ca: ca.pem', '1.1'],
    ['h2c', 'http2: h2c', '2.0'],
  ])('that speaks %s is with { %s } asked over HTTP/%s', async (protocol, settings, version) => {
    await start(protocol, settings, answerAtOnce, { COOKIES: 'a=y' });
    const { data, errors, headers } = await ask();
    expect([data, errors, server.versions]).toEqual([{ a: 1 }, undefined, [version]]);
    expect(headers.get('set-cookie')).toBe('y=2');
  });

  it.each(['', 'http2: true'])(
    'whose certificate nobody vouches for is not asked, with { %s }',
    async (settings) => {
      await start('h2 or http/1.1', settings);
      expect((await ask()).errors?.[0]?.extensions?.code).toBe('SUBGRAPH_UNAVAILABLE');
      expect(server.versions).toEqual([]);
    },
  );
});

describe('requests at the same time', () => {
  /** Asks this often, and answers when all requests are there: none may wait for the answer to another. */
  async function together(protocol: Protocol, count: number): Promise<void> {
    const events = new EventEmitter();
    let held: Http2ServerResponse[] | undefined;
    await start(protocol, 'http2: true, ca: ca.pem', (_request, response) => {
      if (!held) return answer(response);
      held.push(response);
      if (held.length === count) events.emit('all');
    });
    await ask();
    held = [];
    const all = on(events, 'all').next();
    const asked = Array.from({ length: count }, (_, n) => ask(n));
    await all;
    for (const response of held) answer(response);
    for (const { data } of await Promise.all(asked)) expect(data).toEqual({ a: 1 });
  }

  it('go over one connection with HTTP/2', async () => {
    await together('h2', 50);
    expect(server.connections()).toBe(1);
  });

  it('have a connection each when it turns out to be HTTP/1.1', async () => {
    await together('http/1.1', 10);
    expect(server.connections()).toBe(10);
  });
});

it('a mutation whose connection breaks is not sent again', async () => {
  const events = new EventEmitter();
  let isBroken = false;
  await start(
    'h2',
    'http2: true, ca: ca.pem',
    (_request, response) => {
      if (!isBroken) return answer(response);
      if (server.versions.length === 4) events.emit('all');
    },
    { SUBGRAPH_CONNECT_RETRY_MS: '1000' },
  );
  await ask();
  isBroken = true;
  const all = on(events, 'all').next();
  const changes = [1, 2, 3].map((n) =>
    gateway.query({ query: 'mutation ($n: Int) { change(n: $n) }', variables: { n } }),
  );
  await all;
  server.disconnect();
  for (const { errors } of await Promise.all(changes)) {
    expect(errors?.[0]?.extensions?.code).toBe('SUBGRAPH_UNAVAILABLE');
  }
  isBroken = false;
  expect((await ask()).data).toEqual({ a: 1 });
  expect(server.versions).toHaveLength(5);
});

it.each<[Protocol]>([['h2'], ['http/1.1']])(
  'an answer over %s may not be larger than the limit',
  async (protocol) => {
    await start(protocol, 'http2: true, ca: ca.pem, answer_limit: 100KB', (_request, response) =>
      answer(response, JSON.stringify({ data: { a: 1 }, extensions: 'x'.repeat(200_000) })),
    );
    const { errors } = await ask();
    expect(errors).toEqual([
      {
        message: 'Subgraph "a" gave an answer that is too large.',
        path: ['a'],
        extensions: { code: 'SUBGRAPH_ANSWER_TOO_LARGE', subgraph: 'a' },
      },
    ]);
  },
);
