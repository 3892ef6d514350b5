import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Environment } from '@tributary/platform';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type HeadedSubgraph, startHeaded } from '../support/headed-subgraph.ts';
import { PREFLIGHT, type RawRequest, sendRaw } from '../support/raw-request.ts';

const TEXT = { query: '{ text }' };
const GET: RawRequest = { search: TEXT, headers: PREFLIGHT };
const PRODUCTION = { NODE_ENV: 'production' };

let subgraph: HeadedSubgraph;
beforeAll(async () => {
  subgraph = await startHeaded();
});
afterAll(() => subgraph?.stop());
beforeEach(() => {
  subgraph.answer = { text: 'short', cacheControl: 'public, max-age=60' };
});

/** Does something with a gateway that has these settings. */
async function withGateway<T>(env: Environment, use: (gateway: TestGateway) => Promise<T>): Promise<T> {
  const gateway = await startTestGateway([subgraph], env);
  try {
    return await use(gateway);
  } finally {
    await gateway.close();
  }
}

/** The answers to a request when the operation is new, and when it is compiled. */
async function bothAnswers({ endpoint }: TestGateway, request: RawRequest) {
  return [await sendRaw(endpoint, request), await sendRaw(endpoint, request)];
}

describe('Cache-Control', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway([subgraph]);
  });
  afterAll(() => gateway?.close());

  it.each<[string, RawRequest]>([
    ['a query', { body: TEXT }],
    ['a GET', GET],
  ])('of %s is as its parts say', async (_what, request) => {
    for (const answer of await bothAnswers(gateway, request)) {
      expect(answer.headers['cache-control']).toBe('max-age=60, public');
    }
    subgraph.answer.cacheControl = 'private, max-age=5';
    for (const answer of await bothAnswers(gateway, request)) {
      expect(answer.headers['cache-control']).toBe('max-age=5, private');
    }
  });

  it.each<[string, number, RawRequest]>([
    ['a mutation', 200, { body: { query: 'mutation { text }' } }],
    ['an operation that is not valid', 200, { body: { query: '{ nothing }' } }],
    [
      'one that is not valid, as the newer media type',
      400,
      {
        body: { query: '{ nothing }' },
        headers: { accept: 'application/graphql-response+json' },
      },
    ],
    [
      'one that does not parse',
      400,
      { search: { query: '{' }, headers: { ...PREFLIGHT, accept: 'application/graphql-response+json' } },
    ],
    [
      'a persisted query that nobody knows',
      200,
      {
        search: { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
        headers: PREFLIGHT,
      },
    ],
    [
      'a persisted query with a wrong hash',
      400,
      {
        search: { ...TEXT, extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
        headers: PREFLIGHT,
      },
    ],
    ['a GET without a preflight', 400, { search: TEXT }],
    ['a GET of a mutation', 405, { search: { query: 'mutation { text }' }, headers: PREFLIGHT }],
    ['a media type that there is not', 406, { search: TEXT, headers: { ...PREFLIGHT, accept: 'image/png' } }],
    ['a body that is no JSON', 415, { body: TEXT, headers: { 'content-type': 'text/plain' } }],
    ['a body that is no object', 400, { body: [1] }],
    ['a method that there is not', 405, { method: 'PUT', body: TEXT }],
    ['a page for browsers', 200, { headers: { accept: 'text/html' } }],
    ['an explained operation', 200, { ...GET, headers: { ...PREFLIGHT, 'tributary-explain': '1' } }],
  ])('of %s is no-store', async (_what, status, request) => {
    for (const answer of await bothAnswers(gateway, request)) {
      expect([answer.status, answer.headers['cache-control']]).toEqual([status, 'no-store']);
    }
  });

  it('of an answer with an error is no-store', async () => {
    subgraph.answer = { text: '', cacheControl: 'public, max-age=60', error: 'No.' };
    for (const request of [GET, { body: TEXT }]) {
      for (const answer of await bothAnswers(gateway, request)) {
        expect(answer.text).toContain('No.');
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.headers.etag).toBeUndefined();
      }
    }
  });

  it('of other routes is theirs, or no-store', async () => {
    const of = async (path: string) => (await sendRaw(`${gateway.url}${path}`, {})).headers['cache-control'];
    expect(await of('/health/live')).toBe('no-store');
    expect(await of('/nothing')).toBe('no-store');
    expect(await of('/explorer')).toMatch(/^no-(cache|store)$/);
  });
});

describe('an answer to somebody who says who they are', () => {
  const TOKEN = { authorization: 'Basic abc' };

  it('is not for caches that others use, as subgraphs get the header', async () => {
    await withGateway(PRODUCTION, async (gateway) => {
      for (const request of [GET, { body: TEXT }]) {
        const headers = { ...request.headers, ...TOKEN };
        for (const answer of await bothAnswers(gateway, { ...request, headers })) {
          expect(answer.headers['cache-control']).toBe('max-age=60, private');
          expect(answer.headers.vary).toContain('Authorization');
        }
        const anonymous = await sendRaw(gateway.endpoint, request);
        expect(anonymous.headers['cache-control']).toBe('max-age=60, public');
      }
    });
  });

  it('is for them where the header is not read', async () => {
    await withGateway({ ...PRODUCTION, PROPAGATE_HEADERS: 'x-shop' }, async (gateway) => {
      const answer = await sendRaw(gateway.endpoint, { ...GET, headers: { ...PREFLIGHT, ...TOKEN } });
      expect(answer.headers['cache-control']).toBe('max-age=60, public');
    });
  });
});

describe('Vary', () => {
  const AUTH = {
    AUTH_ISSUER: 'https://issuer.test',
    AUTH_AUDIENCE: 'shop',
    AUTH_JWKS_URL: 'http://127.0.0.1:1/keys',
  };
  it.each<[string, Environment, string, string]>([
    ['as a rule', {}, 'Accept, Accept-Encoding, Authorization', 'Accept, Accept-Encoding, Authorization'],
    [
      'with headers that are handed on',
      { PROPAGATE_HEADERS: 'accept-language,x-shop' },
      'Accept, Accept-Encoding, Accept-Language, X-Shop',
      'Accept, Accept-Encoding, Accept-Language, X-Shop',
    ],
    ['with tokens', AUTH, 'Accept, Accept-Encoding, Authorization', 'Accept, Accept-Encoding, Authorization'],
    [
      'with cookies, which a GET does not hand on',
      { COOKIES: 'texts=session', PROPAGATE_HEADERS: 'x-shop' },
      'Accept, Accept-Encoding, X-Shop',
      'Accept, Accept-Encoding, X-Shop, Cookie',
    ],
    [
      'without compression',
      { RESPONSE_COMPRESSION: 'off' },
      'Accept, Authorization',
      'Accept, Authorization',
    ],
    [
      'in development',
      { NODE_ENV: 'test' },
      'Accept, Accept-Encoding, Authorization, apollo-query-plan-experimental, tributary-explain',
      'Accept, Accept-Encoding, Authorization, apollo-query-plan-experimental, tributary-explain',
    ],
  ])('%s names what answers depend on', async (_when, env, onGet, onPost) => {
    await withGateway({ ...PRODUCTION, ...env }, async (gateway) => {
      const wrong = { search: { query: '{' }, headers: PREFLIGHT };
      for (const request of [GET, wrong, { search: TEXT }, { ...GET, method: 'HEAD' }]) {
        for (const { headers } of await bothAnswers(gateway, request)) expect(headers.vary).toBe(onGet);
      }
      for (const request of [{ body: TEXT }, { body: { query: '{' } }, { body: [] }]) {
        for (const { headers } of await bothAnswers(gateway, request)) expect(headers.vary).toBe(onPost);
      }
    });
  });

  it('of other routes names the encoding', async () => {
    await withGateway({}, async (gateway) => {
      const { headers } = await sendRaw(`${gateway.url}/explorer`, {});
      expect(headers.vary).toBe('Accept-Encoding');
    });
  });
});
