import { afterEach, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type HeldServer, startHeld } from '../support/held-server.ts';
import { NODE } from '../support/workspace.ts';

const SUBGRAPHS = [
  { name: 'a', url: 'http://127.0.0.1:1/', sdl: 'type Query { a(n: Int): Int }' },
  { name: 'b', url: 'http://127.0.0.1:1/', sdl: 'type Query { b: Int }' },
];

/** The message that a gateway with this file does not start with, without the folder's name. */
async function failure(yaml: string): Promise<string> {
  const { message } = await startTestGateway(
    [...SUBGRAPHS, NODE],
    {},
    {
      files: { 'gateway.yaml': yaml, 'key.pem': 'no certificate' },
    },
  ).then(
    async (gateway) => {
      await gateway.close();
      return new Error('it started');
    },
    (error: Error) => error,
  );
  return message.replaceAll(/\S*tributary-gateway-\w+\//g, '');
}

const settings = (text: string) => `subgraphs:\n  a:\n    ${text}\n`;

describe('a gateway.yaml', () => {
  it.each([
    ['that is no YAML', 'all: { timeout: 2s\n', /^gateway\.yaml:2:1 /],
    ['that is a list', '- all\n', /^gateway\.yaml:1:1 the file: /],
    [
      'with a subgraph that is not there',
      'subgraphs:\n  c: { timeout: 2s }\n',
      /^gateway\.yaml:2:6 subgraphs\.c: the supergraph has no such subgraph to ask, only a, b$/,
    ],
    [
      'with the subgraph that the gateway is itself',
      'subgraphs:\n  node: { timeout: 2s }\n',
      /subgraphs\.node: the supergraph has no such subgraph to ask, only a, b$/,
    ],
    ['with an unknown part', 'subgraph: {}\n', /^gateway\.yaml:1:11 subgraph: is not a key of this file$/],
    [
      'with an unknown key',
      settings('timeuot: 2s'),
      /^gateway\.yaml:3:14 subgraphs\.a\.timeuot: is not a key of this file$/,
    ],
    [
      'with a time without a unit',
      settings('timeout: 2000'),
      /:3:14 .*timeout: must be a time with its unit/,
    ],
    ['with a time of an unknown unit', settings('timeout: 2h'), /timeout: must be a time with its unit/],
    ['with no time', settings('timeout: 0s'), /timeout: must be a time with its unit, from 1ms to 10m/],
    ['with too long a time', settings('timeout: 11m'), /timeout: must be a time/],
    ['with no connection', settings('connections: 0'), /connections: must be at least 1/],
    ['with half a connection', settings('connections: 1.5'), /connections: must be a number of connections/],
    ['with HTTP/3', settings('http2: h3'), /http2: must be true, false or h2c/],
    ['with an unknown encoding', settings('compression: zip'), /compression: must be one of gzip, br, none/],
    ['with a size without a unit', settings('answer_limit: 5'), /answer_limit: must be a size with its unit/],
    ['with too large a size', settings('answer_limit: 501MB'), /answer_limit: must be a size with its unit/],
    ['with a word for a switch', settings('share_fetches: yes'), /share_fetches: must be true or false/],
    [
      'with a word for retries',
      settings('retries: often'),
      /:3:14 .*retries: must be `false`, or have some of/,
    ],
    [
      'with an unknown key of retries',
      settings('retries: { atempts: 1 }'),
      /:3:25 subgraphs\.a\.retries\.atempts: is not a key of this file/,
    ],
    ['with too many retries', settings('retries: { attempts: 11 }'), /retries\.attempts: must be at most 10/],
    [
      'with a budget that is no percentage',
      settings('retries: { budget: 0.1 }'),
      /retries\.budget: must be a percentage, such as `10%`, from 1% to 100%/,
    ],
    [
      'with a budget above all',
      settings('retries: { budget: 101% }'),
      /retries\.budget: must be a percentage/,
    ],
    ['with a breaker that is on', settings('breaker: true'), /breaker: must be `false`, or have some of/],
    [
      'with a breaker that never closes',
      settings('breaker: { failures: 0, open_for: 0s }'),
      /breaker\.failures: must be at least 1\n.*breaker\.open_for: must be a time/,
    ],
    [
      'with a CA that is not there',
      settings('ca: gone.pem'),
      /:3:9 subgraphs\.a\.ca: gone\.pem cannot be read \(ENOENT\)/,
    ],
    ['with a CA that is none', 'all: { ca: key.pem }', /:1:12 all\.ca: key\.pem holds no PEM certificate/],
    [
      'with an unknown way of subscriptions',
      settings('subscriptions: { protocol: mqtt }'),
      /:3:32 subgraphs\.a\.subscriptions\.protocol: must be one of graphql-ws, sse, none/,
    ],
    [
      'with subscriptions at no URL',
      settings('subscriptions: { protocol: sse, url: here }'),
      /subscriptions\.url: must be a ws\(s\) or http\(s\) URL/,
    ],
    [
      'with a word for subscriptions',
      settings('subscriptions: sse'),
      /subscriptions: must have a `protocol`/,
    ],
  ])('%s is refused, naming place and key', async (_name, yaml, expected) => {
    expect(await failure(yaml)).toMatch(expected);
  });

  it('is refused for all its problems at once', async () => {
    const shape = await failure(
      'all:\n  timeout: 2\n  http3: true\nsubgraphs:\n  a:\n    connections: many\n',
    );
    expect(shape.split('\n').map((line) => line.split(': ')[0])).toEqual([
      'gateway.yaml:2:12 all.timeout',
      'gateway.yaml:3:10 all.http3',
      'gateway.yaml:6:18 subgraphs.a.connections',
    ]);
    const content = await failure('all: { ca: gone.pem }\nsubgraphs: { c: {}, a: { ca: key.pem } }\n');
    expect(
      content
        .split('\n')
        .map((line) => line.split(': ')[0])
        .sort(),
    ).toEqual([
      'gateway.yaml:1:12 all.ca',
      'gateway.yaml:2:17 subgraphs.c',
      'gateway.yaml:2:30 subgraphs.a.ca',
    ]);
  });

  it('that is not there is refused, naming the setting', async () => {
    await expect(startTestGateway(SUBGRAPHS, { GATEWAY_CONFIG: '/nowhere/gateway.yaml' })).rejects.toThrow(
      /^GATEWAY_CONFIG: .*nowhere\/gateway\.yaml cannot be read \(ENOENT\)$/,
    );
  });
});

describe('with a gateway.yaml', () => {
  let gateway: TestGateway;
  let held: HeldServer;

  afterEach(async () => {
    await held.stop();
    await gateway.close();
  });

  async function start(yaml: string, env: Record<string, string> = {}): Promise<void> {
    held = await startHeld();
    gateway = await startTestGateway(
      SUBGRAPHS.map((subgraph) => ({ ...subgraph, url: held.url })),
      env,
      { files: { 'gateway.yaml': yaml } },
    );
  }

  const outcome = async (query: string) => (await gateway.query({ query })).errors?.[0]?.extensions?.code;

  it('of comments alone nothing is changed', async () => {
    await start('# nothing yet\n');
    const answer = gateway.query({ query: '{ a }' });
    (await held.next()).answer({ a: 1 });
    expect((await answer).data).toEqual({ a: 1 });
  });

  it('a subgraph’s own settings stand above those for all, and these above the environment', async () => {
    await start('all: { timeout: 60s }\nsubgraphs: { a: { timeout: 0.2s } }\n', { SUBGRAPH_TIMEOUT_MS: '1' });
    expect(await outcome('{ a }')).toBe('SUBGRAPH_TIMEOUT');
    const answer = gateway.query({ query: '{ b }' });
    await held.next();
    (await held.next()).answer({ b: 2 });
    expect((await answer).data).toEqual({ b: 2 });
  });

  it('of retries and breaker each key stands above the same one for all', async () => {
    await start(
      'all: { retries: { attempts: 1, pause: 1ms } }\nsubgraphs: { a: { retries: { minimum: 0 } } }\n',
    );
    for (const [query, requests] of [
      ['{ a }', 1],
      ['{ b }', 2],
    ] as const) {
      const before = held.requests();
      const failing = outcome(query);
      for (let n = 0; n < requests; n += 1) (await held.next()).response.destroy();
      expect(await failing).toBe('SUBGRAPH_UNAVAILABLE');
      expect(held.requests() - before).toBe(requests);
    }
  });

  it('requests above the number of connections wait for their turn', async () => {
    await start('subgraphs: { a: { connections: 1 } }\n');
    const answers = [1, 2].map((n) => gateway.query({ query: `{ a(n: ${n}) }` }));
    const first = await held.next();
    const second = held.next();
    // The other subgraph has connections of its own: its request overtakes the one that waits.
    const other = gateway.query({ query: '{ b }' });
    (await second).answer({ b: 3 });
    expect((await other).data).toEqual({ b: 3 });
    expect(held.requests()).toBe(2);
    first.answer({ a: 1 });
    (await held.next()).answer({ a: 2 });
    expect((await Promise.all(answers)).map(({ data }) => data.a)).toEqual([1, 2]);
  });

  it('a subgraph’s queries may be left unshared', async () => {
    await start('subgraphs: { a: { share_fetches: false } }\n');
    const answers = [gateway.query({ query: '{ a }' }), gateway.query({ query: '{ a }' })];
    const requests = [await held.next(), await held.next()];
    requests.forEach(({ answer }, value) => void answer({ a: value }));
    expect((await Promise.all(answers)).map(({ data }) => data.a).sort()).toEqual([0, 1]);
  });
});
