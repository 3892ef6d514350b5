import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSigningKey, IDENTITY_HEADER } from '@tributary/platform';
import { identityHeaders, someViewer, TEST_SECRET } from '@tributary/testing';
import { readSettings } from '../src/index.ts';
import { figure } from './caching/store/support/figure.ts';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startIssuer, type TestIssuer } from './support/issuer.ts';
import { startAuthors } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

let authors: TestSubgraph;
let issuer: TestIssuer;
let gateway: TestGateway;

beforeAll(async () => {
  [authors, issuer] = await Promise.all([startAuthors(), startIssuer()]);
  gateway = await startTestGateway([authors], { INTERNAL_SECRET: TEST_SECRET, ...issuer.settings });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([authors.stop(), issuer.stop()]);
});

const WHOAMI = '{ whoami }';
const USER = '00000000-0000-7000-8000-000000000001';

/** Who the subgraph thinks is asking. */
async function whoami(headers: Record<string, string>): Promise<unknown> {
  const { data } = await gateway.query({ query: WHOAMI, headers });
  return JSON.parse(String(data.whoami));
}

describe('an access token', () => {
  it('that is good tells the subgraph, over a signature, who is asking', async () => {
    const authorization = `Bearer ${await issuer.token(USER)}`;
    expect(await whoami({ authorization })).toEqual({
      identity: { subject: USER, scopes: ['customer'] },
      service: null,
      clientAddress: '127.0.0.1',
    });
    expect(authors.requests.at(-1)).not.toHaveProperty('authorization');
  });

  it('that is not there makes the request anonymous, which is signed too', async () => {
    expect(await whoami({})).toMatchObject({ identity: null, service: null });
    expect(authors.requests.at(-1)?.[IDENTITY_HEADER]).toEqual(expect.any(String));
  });

  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = () => ({
    sub: USER,
    iss: issuer.settings.AUTH_ISSUER,
    aud: issuer.settings.AUTH_AUDIENCE,
    exp: 9_999_999_999,
  });

  it.each<[string, () => Promise<string> | string]>([
    ['expired', () => issuer.token(USER, { lifetime: -60 })],
    ['for somebody else', () => issuer.token(USER, { audience: 'https://other.test' })],
    ['from somebody else', () => issuer.token(USER, { issuer: 'https://other.test' })],
    ['forged', async () => issuer.token(USER, { key: await createSigningKey('key-1') })],
    ['signed with an unknown key', async () => issuer.token(USER, { key: await createSigningKey('key-2') })],
    ['not signed', () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
    [
      'signed with the public key as a secret',
      () => `${base64({ alg: 'HS256', kid: 'key-1' })}.${base64(claims())}.AAAA`,
    ],
    ['nonsense', () => 'nonsense'],
  ])('that is %s is answered with 401 and no detail', async (_name, token) => {
    const before = authors.requests.length;
    const { status, errors, headers } = await gateway.query({
      query: WHOAMI,
      headers: { authorization: `Bearer ${await token()}` },
    });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect(errors).toEqual([
      { message: 'The access token is not valid.', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(authors.requests).toHaveLength(before);
  });

  it('of another scheme is answered with 401', async () => {
    const { status } = await gateway.query({ query: WHOAMI, headers: { authorization: 'Basic dTpw' } });
    expect(status).toBe(401);
  });

  it('cannot be verified while the issuer is down: 503, not 500', async () => {
    const headers = { authorization: `Bearer ${await issuer.token(USER)}` };
    const lost = await startTestGateway([authors], {
      ...issuer.settings,
      AUTH_JWKS_URL: 'http://127.0.0.1:1/jwks',
    });
    try {
      const { status, errors } = await lost.query({ query: WHOAMI, headers });
      expect([status, errors?.[0]?.extensions?.code]).toEqual([503, 'AUTHENTICATION_UNAVAILABLE']);
      const fault = { code: 'AUTHENTICATION_UNAVAILABLE' };
      expect(await figure(lost.metrics, 'gateway_operation_faults_total', fault)).toBe(1);
      expect((await lost.query({ query: '{ author { name } }' })).status).toBe(200);
    } finally {
      await lost.close();
    }
  });
});

describe('a client', () => {
  it('cannot say who it is by itself, not even with a true signature', async () => {
    const forged = await identityHeaders(someViewer('ADMIN'));
    expect(await whoami(forged)).toMatchObject({ identity: null, service: null });
    const unsigned = await startTestGateway([authors]);
    try {
      await unsigned.query({ query: WHOAMI, headers: forged });
      expect(authors.requests.at(-1)).not.toHaveProperty(IDENTITY_HEADER);
    } finally {
      await unsigned.close();
    }
  });
});

describe('headers', () => {
  it('that are listed go to the subgraphs, others do not', async () => {
    const open = await startTestGateway([authors], { PROPAGATE_HEADERS: 'Accept-Language, x-tenant' });
    try {
      await open.query({
        query: WHOAMI,
        headers: { 'accept-language': 'de', 'x-tenant': 't1', 'x-other': 'o', authorization: 'Bearer a' },
      });
      expect(authors.requests.at(-1)).toMatchObject({ 'accept-language': 'de', 'x-tenant': 't1' });
      expect(authors.requests.at(-1)).not.toHaveProperty('x-other');
      expect(authors.requests.at(-1)).not.toHaveProperty('authorization');
    } finally {
      await open.close();
    }
  });

  it('include the token by default when the gateway does not verify it', async () => {
    const open = await startTestGateway([authors]);
    try {
      await open.query({ query: WHOAMI, headers: { authorization: 'Bearer opaque' } });
      expect(authors.requests.at(-1)?.authorization).toBe('Bearer opaque');
    } finally {
      await open.close();
    }
  });
});

describe('settings', () => {
  it.each([
    [{ AUTH_ISSUER: 'https://issuer.test' }, /^AUTH_AUDIENCE: is required$/],
    [{ AUTH_JWKS_URL: 'https://i.test' }, /^AUTH_ISSUER: is required; AUTH_AUDIENCE: is required$/],
    [
      { AUTH_ISSUER: 'http://issuer.test', AUTH_AUDIENCE: 'shop' },
      /^AUTH_ISSUER: must be an https URL for its keys to be found, or AUTH_JWKS_URL/,
    ],
    [{ AUTH_ISSUER: 'tributary', AUTH_AUDIENCE: 'shop' }, /^AUTH_ISSUER: must be an https URL/],
    [{ AUTH_ALGORITHMS: 'HS256' }, /^AUTH_ALGORITHMS: must be some of RS256, PS256, ES256, ES384, EdDSA$/],
    [{ AUTH_ALGORITHMS: 'ES256,none' }, /^AUTH_ALGORITHMS: must be some of/],
    [{ AUTH_ALGORITHMS: ',' }, /^AUTH_ALGORITHMS: must be some of/],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY: must be a number of proxies, or a list .*"true" is neither$/],
    [{ TRUST_PROXY: '0' }, /^TRUST_PROXY: /],
    [{ TRUST_PROXY: '10.0.0.0/33' }, /^TRUST_PROXY: /],
    [{ TRUST_PROXY: '10.0.0.1,0.0.0.0/0' }, /^TRUST_PROXY: .*"0\.0\.0\.0\/0"/],
    [{ COOKIES: 'users' }, /^COOKIES: must be a list of subgraph=cookie; "users" is not$/],
    [{ COOKIES: 'users=a b' }, /^COOKIES: must be a list/],
    [{ COOKIES: 'users=a;b' }, /^COOKIES: must be a list/],
    [{ COOKIES: 'users=a,orders=a' }, /^COOKIES: the cookie "a" belongs to one subgraph only$/],
    [{ PROPAGATE_HEADERS: 'Cookie' }, /^PROPAGATE_HEADERS: "cookie" cannot be handed on$/],
    [{ INTERNAL_SECRET: 'short' }, /INTERNAL_SECRET: must have at least 32 characters/],
    [
      { PROPAGATE_HEADERS: IDENTITY_HEADER.toUpperCase() },
      /PROPAGATE_HEADERS: "x-tributary-identity" cannot be handed on/,
    ],
    [{ SUBGRAPH_URLS: 'users' }, /SUBGRAPH_URLS: must be a list of name=URL/],
    [{ REDIS_URL: 'http://x' }, /REDIS_URL: must be redis:\/\/host:port/],
  ])('%j are refused', (env, message) => {
    expect(() => readSettings(env)).toThrow(message);
  });
});
