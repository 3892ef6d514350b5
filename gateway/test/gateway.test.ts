import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { ADA, NOTES, startAuthors, startBooks } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

let subgraphs: TestSubgraph[];
let gateway: TestGateway;

beforeAll(async () => {
  subgraphs = await Promise.all([startAuthors(), startBooks()]);
  gateway = await startTestGateway(subgraphs, {}, { example: { query: 'query Filled { author { name } }' } });
});

afterAll(async () => {
  await gateway.close();
  await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
});

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

describe('an operation', () => {
  it('is stitched from the subgraphs', async () => {
    const { data, errors } = await gateway.query({
      query: '{ author { id name books { id title author { name } } } }',
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      author: { id: ADA, name: 'Ada', books: [{ id: NOTES, title: 'Notes', author: { name: 'Ada' } }] },
    });
  });

  it('of type mutation reaches its subgraph', async () => {
    const { data } = await gateway.query({
      query: 'mutation { rename(name: "Grace") { name books { title } } }',
    });
    expect(data).toEqual({ rename: { name: 'Grace', books: [{ title: 'Notes' }] } });
  });

  it('of type subscription is refused with a code', async () => {
    const { status, errors } = await gateway.query({ query: 'subscription { renamed { name } }' });
    expect(status).toBe(400);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['SUBSCRIPTION_NOT_SUPPORTED']);
  });

  it('that fails inside a subgraph says nothing of the inside', async () => {
    const response = await post('{"query":"{ author { name } failing }"}', { 'x-request-id': 'req-1' });
    const text = await response.text();
    expect(text).not.toMatch(/hunter2|10\.0\.0\.1|stack/);
    expect(JSON.parse(text)).toEqual({
      data: { author: { name: 'Ada' }, failing: null },
      errors: [
        {
          message: 'Internal server error',
          path: ['failing'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph: 'authors', requestId: 'req-1' },
        },
      ],
    });
  });
});

describe('a request that is no operation', () => {
  it.each([
    ['malformed JSON', '{"query": ', {}, 400, 'BAD_REQUEST'],
    ['an empty body', '', {}, 400, 'BAD_REQUEST'],
    ['JSON without a query', '{}', {}, 400, 'BAD_REQUEST'],
    ['a list', '[]', {}, 400, 'BAD_REQUEST'],
    ['a body of 200 kB', JSON.stringify({ query: '#'.repeat(200_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
    ['XML', '<query/>', { 'content-type': 'application/xml' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is answered with JSON', async (_name, body, headers, status, code) => {
    const response = await post(body, headers);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(text).not.toMatch(/<html|node_modules|at .*\.js:/i);
    expect(JSON.parse(text).errors[0].extensions.code).toBe(code);
  });

  it('a GET without a preflight is blocked, so that no site can ask in a visitor’s name', async () => {
    const response = await fetch(`${gateway.endpoint}?query={author{name}}`);
    expect(response.status).toBe(400);
  });

  it('a method that GraphQL does not use is answered with the ones it does', async () => {
    const response = await fetch(gateway.endpoint, {
      method: 'DELETE',
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
  });
});

describe('the status of a document that cannot be executed', () => {
  it.each([
    ['does not parse', '{'],
    ['does not validate', '{ nope }'],
    ['lacks a variable', 'mutation ($name: String!) { rename(name: $name) { name } }'],
  ])(
    'that %s is 200 with application/json and 400 with application/graphql-response+json',
    async (_name, query) => {
      const body = JSON.stringify({ query });
      const json = await post(body, { accept: 'application/json' });
      const graphql = await post(body, { accept: 'application/graphql-response+json' });
      expect([json.status, graphql.status]).toEqual([200, 400]);
      expect(await json.json()).toEqual(await graphql.json());
    },
  );
});

describe('the request id', () => {
  it('is the client’s, and goes to the subgraphs', async () => {
    const { headers } = await gateway.query({
      query: '{ author { name } }',
      headers: { 'x-request-id': 'abc-1' },
    });
    expect(headers.get('x-request-id')).toBe('abc-1');
    expect(subgraphs[0]?.requests.at(-1)?.['x-request-id']).toBe('abc-1');
  });

  it.each([[''], ['a b'], ['x'.repeat(129)], ['<script>']])('%j is replaced', async (id) => {
    const { headers } = await gateway.query({ query: '{ __typename }', headers: { 'x-request-id': id } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  });
});

describe('for people', () => {
  it('GET /graphql in a browser is Sandbox with the example', async () => {
    const response = await fetch(gateway.endpoint, { headers: { accept: 'text/html' } });
    const html = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(html).toContain('embeddable-sandbox');
    expect(html).toContain('Filled');
  });

  it('introspection is on', async () => {
    const { data } = await gateway.query({ query: '{ __schema { queryType { name } } }' });
    expect(data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });

  it('the explorer is there', async () => {
    expect((await fetch(`${gateway.url}/explorer`)).status).not.toBe(404);
  });

  it('production shows none of them', async () => {
    const production = await startTestGateway(subgraphs, { NODE_ENV: 'production' });
    try {
      const { errors } = await production.query({ query: '{ __schema { queryType { name } } }' });
      expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
      const page = await fetch(production.endpoint, { headers: { accept: 'text/html' } });
      expect(await page.text()).not.toContain('sandbox');
      expect((await fetch(`${production.url}/explorer`)).status).toBe(404);
      const hint = await production.query({ query: '{ auhtor { name } }' });
      expect(hint.errors?.[0]?.message).not.toContain('author');
    } finally {
      await production.close();
    }
  });
});

describe('for operators', () => {
  it('is ready', async () => {
    await gateway.query({ query: '{ author { books { title } } }' });
    const response = await fetch(`${gateway.url}/health/ready`);
    expect([response.status, await response.json()]).toMatchObject([
      200,
      {
        status: 'ok',
        checks: {},
        subgraphs: {
          authors: { status: 'ok', breaker: 'closed' },
          books: { status: 'ok', breaker: 'closed' },
        },
      },
    ]);
  });

  it('measures operations and subgraphs, on the admin port only', async () => {
    await gateway.query({ query: '{ author { name } }' });
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    const counted = metrics
      .split('\n')
      .filter((line) => /^gateway_\w+_count/.test(line) && !line.endsWith(' 0'));
    expect(counted).toContainEqual(
      expect.stringMatching(
        /^gateway_operation_duration_seconds_count.*type="query",operation="anonymous",outcome="ok"/,
      ),
    );
    expect(counted).toContainEqual(
      expect.stringMatching(
        /^gateway_subgraph_request_duration_seconds_count.*subgraph="authors",outcome="ok"/,
      ),
    );
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404);
  });

  it('answers "not ready" while it drains, and still serves', async () => {
    const draining = await startTestGateway(subgraphs);
    try {
      draining.drain();
      const ready = await fetch(`${draining.url}/health/ready`);
      expect([ready.status, await ready.json()]).toMatchObject([
        503,
        {
          status: 'draining',
          checks: {},
          supergraph: { id: expect.stringMatching(/^[0-9a-f]{16}$/), since: expect.any(String) },
        },
      ]);
      expect((await draining.query({ query: '{ author { name } }' })).data).toEqual({
        author: { name: 'Ada' },
      });
    } finally {
      await draining.close();
    }
  });
});
