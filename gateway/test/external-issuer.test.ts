import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSigningKey, publicKeySet } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { KEYS, METADATA, startIssuer, type TestIssuer } from './support/issuer.ts';
import { startAuthors } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

const USER = '00000000-0000-7000-8000-000000000001';

let authors: TestSubgraph;
let issuer: TestIssuer;
let gateway: TestGateway;

beforeAll(async () => {
  authors = await startAuthors();
});

afterAll(() => authors.stop());

beforeEach(async () => {
  issuer = await startIssuer();
  gateway = await startTestGateway([authors], { INTERNAL_SECRET: TEST_SECRET, ...issuer.discovered });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await gateway.close();
  await issuer.stop();
});

/**
 * Stops the clock that tells the gateway when to ask the issuer again: how long requests take is not counted then.
 *
 * @returns moves the clock on, by milliseconds
 */
function stopClock(): (ms: number) => void {
  let now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  return (ms) => {
    now += ms;
  };
}

async function ask(token: string) {
  const { status, data, errors } = await gateway.query({
    query: '{ whoami }',
    headers: { authorization: `Bearer ${token}` },
  });
  return {
    status,
    code: errors?.[0]?.extensions?.code,
    identity: data ? JSON.parse(String(data.whoami)).identity : undefined,
  };
}

describe('an OpenID Connect issuer', () => {
  it('is used by its name alone, and not asked before there is a token', async () => {
    expect((await gateway.query({ query: '{ whoami }' })).status).toBe(200);
    expect([...issuer.requests]).toEqual([]);
    expect((await ask(await issuer.token(USER))).identity).toEqual({ subject: USER, scopes: ['customer'] });
    await ask(await issuer.token(USER));
    expect([...issuer.requests]).toEqual([
      [METADATA, 1],
      [KEYS, 1],
    ]);
  });

  it('may call its users what it likes', async () => {
    const { identity } = await ask(await issuer.token('auth0|1'));
    expect(identity.subject).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect((await ask(await issuer.token('auth0|1'))).identity).toEqual(identity);
    expect((await ask(await issuer.token('auth0|2'))).identity.subject).not.toBe(identity.subject);
  });

  it('has the client’s token verified, not handed on', async () => {
    await ask(await issuer.token(USER));
    expect(authors.requests.at(-1)).not.toHaveProperty('authorization');
  });

  it('is not hammered by tokens with unknown keys', async () => {
    stopClock();
    const tokens = await Promise.all(
      Array.from({ length: 200 }, (_none, index) =>
        issuer.token(USER, { key: { ...issuer.key, kid: `unknown-${index}` } }),
      ),
    );
    const answers = await Promise.all(tokens.map(ask));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(issuer.requests.get(KEYS)).toBe(1);
    expect(issuer.requests.get(METADATA)).toBe(1);
  });

  it('that is away costs tokens their 200, not the gateway its start, and is not hammered', async () => {
    const pass = stopClock();
    const keys = issuer.documents.get(KEYS);
    issuer.documents.set(KEYS, null);
    const forged = await issuer.token(USER, { key: await createSigningKey('unknown') });
    const askOften = async () => {
      const answers = await Promise.all(Array.from({ length: 200 }, () => ask(forged)));
      expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['AUTHENTICATION_UNAVAILABLE']));
    };
    await askOften();
    expect(issuer.requests.get(KEYS)).toBe(1);
    pass(1_000);
    await askOften();
    expect(issuer.requests.get(KEYS)).toBe(2);
    pass(1_999); // after the second failure it waits twice as long
    await askOften();
    expect(issuer.requests.get(KEYS)).toBe(2);
    expect((await gateway.query({ query: '{ whoami }' })).status).toBe(200);

    issuer.documents.set(KEYS, keys);
    pass(1);
    expect((await ask(await issuer.token(USER))).status).toBe(200);
    expect((await ask(forged)).status).toBe(401);
    expect(issuer.requests.get(KEYS)).toBe(3);
  });

  it('may have its keys moved while it was away', async () => {
    const pass = stopClock();
    const [metadata, keys] = [METADATA, KEYS].map((path) => issuer.documents.get(path)) as [object, unknown];
    issuer.documents.set(KEYS, null);
    const token = await issuer.token(USER);
    expect((await ask(token)).status).toBe(503);
    issuer.documents.set('/elsewhere', keys);
    issuer.documents.set(METADATA, { ...metadata, jwks_uri: `${issuer.discovered.AUTH_ISSUER}/elsewhere` });
    pass(1_000);
    expect((await ask(token)).status).toBe(200);
  });

  it.each<[string, (issuer: string) => unknown]>([
    ['of another issuer', (url) => ({ issuer: `${url}/`, jwks_uri: `${url}${KEYS}` })],
    ['without an issuer', (url) => ({ jwks_uri: `${url}${KEYS}` })],
    ['without keys', (url) => ({ issuer: url })],
    ['with keys in the open', (url) => ({ issuer: url, jwks_uri: 'http://keys.test/' })],
    ['with keys in a file', (url) => ({ issuer: url, jwks_uri: 'file:///etc/passwd' })],
    ['that are no object', () => 'nonsense'],
  ])('with metadata %s is not believed', async (_what, metadata) => {
    issuer.documents.set(METADATA, metadata(issuer.discovered.AUTH_ISSUER));
    expect(await ask(await issuer.token(USER))).toMatchObject({
      status: 503,
      code: 'AUTHENTICATION_UNAVAILABLE',
    });
    expect(issuer.requests.get(KEYS)).toBeUndefined();
  });

  it('may publish keys of other kinds beside the one that signs', async () => {
    const { keys } = publicKeySet([issuer.key]);
    const others = [
      { kty: 'oct', kid: 'key-1', alg: 'HS256', k: 'c2VjcmV0' },
      { kty: 'XYZ', kid: 'strange' },
    ];
    issuer.documents.set(KEYS, { keys: [...others, ...keys] });
    expect((await ask(await issuer.token(USER))).status).toBe(200);
  });
});
