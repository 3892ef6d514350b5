import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answering, type FaultyServer, startFaulty } from './support/faulty-server.ts';
import { createGate } from './support/gate.ts';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { askInParts } from './support/parts.ts';

const SESSION = '__Host-session';

interface Fake {
  server: FaultyServer;
  /** The headers of every request so far. */
  received: IncomingHttpHeaders[];
  /** The `Set-Cookie` headers of the answers to come, one list for each; then none. */
  cookies: string[][];
}

/** A subgraph that answers all its fields with 1, and sets cookies. */
async function startFake(name: string): Promise<Fake> {
  const received: IncomingHttpHeaders[] = [];
  const cookies: string[][] = [];
  const server = await startFaulty((request, response) => {
    received.push(request.headers);
    response.setHeader('content-type', 'application/json');
    response.setHeader('cache-control', 'public, max-age=60');
    response.setHeader('set-cookie', cookies.shift() ?? []);
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const names = body.match(new RegExp(`\\b\\w+(?=:${name})|\\b${name}(Do)?\\b`, 'g')) ?? [name];
      response.end(JSON.stringify({ data: Object.fromEntries(names.map((field) => [field, 1])) }));
    });
  });
  return { server, received, cookies };
}

const sdlOf = (name: string) => `type Query { ${name}: Int } type Mutation { ${name}Do: Int }`;

let alpha: Fake;
let beta: Fake;
let gateway: TestGateway;

beforeAll(async () => {
  [alpha, beta] = await Promise.all([startFake('alpha'), startFake('beta')]);
  gateway = await startTestGateway(
    [
      { name: 'alpha', url: alpha.server.url, sdl: sdlOf('alpha') },
      { name: 'beta', url: beta.server.url, sdl: sdlOf('beta') },
    ],
    { COOKIES: `alpha=${SESSION}, alpha=theme, beta=basket` },
  );
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([alpha.server.stop(), beta.server.stop()]);
});

beforeEach(() => {
  for (const { received, cookies } of [alpha, beta]) {
    received.length = 0;
    cookies.length = 0;
  }
});

const send = (query: string, headers: Record<string, string> = {}) =>
  fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

describe('a cookie of the request', () => {
  it('goes to the subgraph it belongs to, and to no other', async () => {
    await send('{ alpha beta }', { cookie: `tracking=1; ${SESSION}=abc; basket=b1; theme=dark` });
    expect(alpha.received.map(({ cookie }) => cookie)).toEqual([`${SESSION}=abc; theme=dark`]);
    expect(beta.received.map(({ cookie }) => cookie)).toEqual(['basket=b1']);
  });

  it.each<[string, string, string | undefined]>([
    ['there is none', '', undefined],
    [
      'it has another name',
      `x${SESSION}=a; ${SESSION}x=b; ${SESSION.toLowerCase()}=c; ${SESSION}`,
      undefined,
    ],
    ['it is inside another', `a="; ${SESSION}="`, undefined],
    ['it is encoded', `${SESSION}=a%3Bb%0D%0Ax`, `${SESSION}=a%3Bb%0D%0Ax`],
    ['it is quoted', `${SESSION}="abc"`, `${SESSION}="abc"`],
    ['it has an equals sign', `${SESSION}=YWJj==`, `${SESSION}=YWJj==`],
    ['it is empty', `${SESSION}=`, `${SESSION}=`],
    ['it is there twice', `${SESSION}=first; ${SESSION}=second`, `${SESSION}=first`],
    ['it has blanks', `${SESSION}=a b`, undefined],
    ['it has commas', `${SESSION}=a,${SESSION}=b`, undefined],
    ['it is not ASCII', `${SESSION}=\u00e4`, undefined],
    ['it has a prototype’s name', '__proto__=a; constructor=b', undefined],
  ])('when %s', async (_what, cookie, expected) => {
    await send('{ alpha }', cookie === '' ? {} : { cookie });
    expect(alpha.received.map((headers) => headers.cookie)).toEqual([expected]);
  });

  it.each([
    ['a GET', { method: 'GET' }, '?query={alpha}'],
    ['a GET that says it is JSON', { method: 'GET', type: 'application/json' }, '?query={alpha}'],
    ['a form', { method: 'POST', body: 'query={alpha}', type: 'application/x-www-form-urlencoded' }, ''],
    ['a text', { method: 'POST', body: '{"query":"{ alpha }"}', type: 'text/plain' }, ''],
    [
      'JSON by another name',
      { method: 'POST', body: '{"query":"{ alpha }"}', type: 'application/jsonx' },
      '',
    ],
  ])(
    'is not handed on with %s',
    async (_what, { type, ...request }: RequestInit & { type?: string }, search) => {
      await fetch(`${gateway.endpoint}${search}`, {
        ...request,
        headers: {
          cookie: `${SESSION}=abc`,
          'apollo-require-preflight': '1',
          ...(type !== undefined && { 'content-type': type }),
        },
      });
      expect(alpha.received.filter(({ cookie }) => cookie !== undefined)).toEqual([]);
      expect(alpha.received).toHaveLength(request.method === 'GET' ? 1 : 0);
    },
  );

  it('cannot be sent by another site: it is refused, and a preflight grants nothing', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const { status } = await send('{ alpha }', { 'content-type': type, cookie: `${SESSION}=abc` });
      expect([400, 415]).toContain(status);
    }
    const preflight = await fetch(gateway.endpoint, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(alpha.received).toEqual([]);
  });
});

describe('a cookie that a subgraph sets', () => {
  const COOKIE = `${SESSION}=new; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000; Priority=High`;

  it('reaches the client as it was written, on an answer that nobody may keep', async () => {
    alpha.cookies.push([COOKIE]);
    const response = await send('{ alpha }');
    expect(await response.json()).toEqual({ data: { alpha: 1 } });
    expect(response.headers.getSetCookie()).toEqual([COOKIE]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('reaches the client only when it is its own', async () => {
    alpha.cookies.push([
      'basket=stolen',
      'tracking=1',
      COOKIE,
      `${SESSION.toUpperCase()}=x`,
      'theme',
      '=theme',
    ]);
    beta.cookies.push([`${SESSION}=fixed`, 'theme=fixed; Path=/']);
    const response = await send('{ alpha beta }');
    expect(response.headers.getSetCookie()).toEqual([COOKIE]);
  });

  it('does not touch the answer when it is not its own', async () => {
    alpha.cookies.push(['tracking=1; Path=/']);
    const response = await send('{ alpha }');
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get('cache-control')).toBe('max-age=60, public');
  });

  it('is there once for each name, as the last fetch has it', async () => {
    alpha.cookies.push(['theme=dark', `${SESSION}=1`], [`${SESSION}=2`, `${SESSION}=3`]);
    beta.cookies.push(['basket=b1; Path=/']);
    const response = await send('mutation { one: alphaDo two: betaDo three: alphaDo }');
    expect(await response.json()).toEqual({ data: { one: 1, two: 1, three: 1 } });
    expect(response.headers.getSetCookie()).toEqual(['theme=dark', `${SESSION}=3`, 'basket=b1; Path=/']);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('is not another request’s', async () => {
    alpha.cookies.push([COOKIE]);
    const responses = await Promise.all(Array.from({ length: 20 }, () => send('{ alpha }')));
    expect(responses.flatMap(({ headers }) => headers.getSetCookie())).toEqual([COOKIE]);
  });
});

describe('a gateway', () => {
  it('without COOKIES hands on none, either way', async () => {
    const plain = await startTestGateway([{ name: 'alpha', url: alpha.server.url, sdl: sdlOf('alpha') }]);
    try {
      alpha.cookies.push([`${SESSION}=1`]);
      const response = await fetch(plain.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: `${SESSION}=abc` },
        body: '{"query":"{ alpha }"}',
      });
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(alpha.received.at(-1)).not.toHaveProperty('cookie');
    } finally {
      await plain.close();
    }
  });
});

it('are not set by a subgraph that answers after the head of the answer, which is complete', async () => {
  const gate = createGate();
  const late = await startFaulty(async (_request, response) => {
    await gate.pass();
    response.setHeader('set-cookie', 'basket=1');
    answering(200, '{"data":{"beta":1}}')(_request, response);
  });
  const deferring = await startTestGateway(
    [
      { name: 'alpha', url: alpha.server.url, sdl: sdlOf('alpha') },
      { name: 'beta', url: late.url, sdl: sdlOf('beta') },
    ],
    { COOKIES: 'beta=basket' },
  );
  try {
    const answer = await askInParts(deferring.endpoint, { body: { query: '{ alpha ... @defer { beta } }' } });
    expect(await answer.next()).toEqual({ data: { alpha: 1 }, hasNext: true });
    gate.open();
    expect(await answer.next()).toEqual({ incremental: [{ path: [], data: { beta: 1 } }], hasNext: false });
    expect(answer.headers['set-cookie']).toBeUndefined();
  } finally {
    await deferring.close();
    await late.stop();
  }
});
