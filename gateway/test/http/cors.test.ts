import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSocket } from '../subscriptions/support/socket.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startAuthors } from '../support/library.ts';
import { PREFLIGHT, type RawAnswer, sendRaw } from '../support/raw-request.ts';
import type { TestSubgraph } from '../support/subgraph.ts';

const SHOP = 'https://shop.example';

let authors: TestSubgraph;
beforeAll(async () => {
  authors = await startAuthors();
});
afterAll(() => authors.stop());

const start = (cors: string | null, env: Record<string, string> = {}): Promise<TestGateway> =>
  startTestGateway([authors], env, { files: cors === null ? {} : { 'gateway.yaml': `cors: ${cors}\n` } });

/** What an answer says to browsers about pages of other origins. */
const accessOf = ({ headers }: RawAnswer): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

const ask = (gateway: TestGateway, origin: string | undefined): Promise<RawAnswer> =>
  sendRaw(gateway.endpoint, {
    body: { query: '{ author { name } }' },
    headers: { ...(origin !== undefined && { origin }) },
  });

const preflight = (gateway: TestGateway, origin: string): Promise<RawAnswer> =>
  sendRaw(gateway.endpoint, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

describe('without the setting', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start(null);
  });
  afterAll(() => gateway.close());

  it('pages of other origins are given nothing', async () => {
    expect([accessOf(await ask(gateway, SHOP)), accessOf(await preflight(gateway, SHOP))]).toEqual([{}, {}]);
    expect((await preflight(gateway, SHOP)).status).toBe(405);
  });

  it('they open no WebSocket, those of the same origin and programs do', async () => {
    const { origin } = new URL(gateway.url);
    for (const other of [SHOP, 'null', origin.replace(/:\d+/, ''), `${origin}.evil.example`]) {
      await expect(openSocket(gateway.endpoint, { headers: { origin: other } })).rejects.toThrow('403');
    }
    for (const headers of [{}, { origin }]) await (await openSocket(gateway.endpoint, { headers })).close();
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/gateway_subscription_drops_total\{.*reason="origin".*\} 4\n/);
  });
});

describe('with origins', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await start(
      `{ origins: ['${SHOP}', 'https://*.shop.example', 'http://localhost:3000'], credentials: true, max_age: 10m }`,
    );
  });
  afterAll(() => gateway.close());

  it.each([[SHOP], ['https://de.shop.example'], ['https://a.b.shop.example'], ['http://localhost:3000']])(
    '%s may ask, and send cookies',
    async (origin) => {
      // The second is answered past Apollo Server.
      for (const answer of [await ask(gateway, origin), await ask(gateway, origin)]) {
        expect(answer.text).toContain('Ada');
        expect(answer.headers.vary).toMatch(/\bOrigin\b/);
        expect(accessOf(answer)).toEqual({
          'access-control-allow-origin': origin,
          'access-control-allow-credentials': 'true',
          'access-control-expose-headers': expect.stringContaining('x-request-id'),
        });
      }
      const allowed = await preflight(gateway, origin);
      expect([allowed.status, allowed.text]).toEqual([204, '']);
      expect(accessOf(allowed)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, HEAD, POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '600',
      });
    },
  );

  it.each([
    ['https://evil.example'],
    ['https://evilshop.example'],
    ['https://shop.example.evil.example'],
    ['https://evil.example/.shop.example'],
    ['http://shop.example'],
    ['https://shop.example:8443'],
    ['http://localhost:3001'],
    ['null'],
  ])('%s may not', async (origin) => {
    const answers = [await ask(gateway, origin), await preflight(gateway, origin)];
    expect(answers.map(accessOf)).toEqual([{}, {}]);
    for (const { headers } of answers) expect(headers.vary).toMatch(/\bOrigin\b/);
    await expect(openSocket(gateway.endpoint, { headers: { origin } })).rejects.toThrow('403');
  });

  it('an answer to who says no origin is known to depend on it', async () => {
    const answer = await ask(gateway, undefined);
    expect(accessOf(answer)).toEqual({});
    expect(answer.headers.vary).toMatch(/\bOrigin\b/);
  });

  it('refusals can be read by them as well', async () => {
    const refused = await sendRaw(gateway.endpoint, { body: {}, headers: { origin: SHOP } });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([400, SHOP]);
  });

  it('event streams and WebSockets are open to them', async () => {
    const stream = await sendRaw(gateway.endpoint, {
      body: { query: '{ author { name } }' },
      headers: { origin: SHOP, accept: 'text/event-stream' },
    });
    expect(stream.headers['content-type']).toContain('text/event-stream');
    expect(stream.headers['access-control-allow-origin']).toBe(SHOP);
    expect(stream.headers.vary).toMatch(/\bOrigin\b/);
    await (await openSocket(gateway.endpoint, { headers: { origin: SHOP } })).close();
  });

  it('another site’s form or link is refused as before', async () => {
    const link = await sendRaw(gateway.endpoint, {
      search: { query: '{ author { name } }' },
      headers: { origin: SHOP },
    });
    expect(link.status).toBe(400);
    const asked = await sendRaw(gateway.endpoint, {
      search: { query: '{ author { name } }' },
      headers: { origin: SHOP, ...PREFLIGHT },
    });
    expect(asked.text).toContain('Ada');
  });
});

it('with `*`, everybody may ask without cookies', async () => {
  const gateway = await start("{ origins: ['*'] }", { COOKIES: 'authors=session' });
  try {
    const answer = await ask(gateway, 'https://anybody.example');
    expect(accessOf(answer)).toMatchObject({ 'access-control-allow-origin': '*' });
    expect(accessOf(answer)).not.toHaveProperty('access-control-allow-credentials');
    await (await openSocket(gateway.endpoint, { headers: { origin: 'https://anybody.example' } })).close();
  } finally {
    await gateway.close();
  }
});

it('behind a proxy that is believed, the host is the one that the page knows', async () => {
  const headers = { origin: SHOP, 'x-forwarded-host': 'shop.example' };
  const believing = await start(null, { TRUST_PROXY: '1' });
  const other = await start(null);
  try {
    await (await openSocket(believing.endpoint, { headers })).close();
    await expect(openSocket(other.endpoint, { headers })).rejects.toThrow('403');
  } finally {
    await believing.close();
    await other.close();
  }
});

describe('a setting that is wrong is refused at the start, with its place', () => {
  it.each([
    ["{ origins: ['shop.example'] }", 'cors.origins.0: must be a list of origins'],
    ["{ origins: ['https://shop.example/'] }", 'cors.origins.0: must be a list of origins'],
    ["{ origins: ['https://*.com'] }", 'cors.origins.0: must be a list of origins'],
    ["{ origins: ['null'] }", 'cors.origins.0: must be a list of origins'],
    ['{ origins: [] }', 'cors.origins: must be a list of origins'],
    ["{ origins: ['*'], credentials: true }", 'cors.credentials: cannot be true'],
    ["{ origins: ['*', 'https://a.example'] }", 'cors.origins: `*` is every origin'],
    ["{ origins: ['https://a.example'], max_age: 2d }", 'cors.max_age: must be a time'],
    ["{ origin: ['https://a.example'] }", 'cors.origin: is not a key'],
  ])('%s', async (cors, message) => {
    await expect(start(cors)).rejects.toThrow(message);
  });
});
