import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startAuthors } from './support/library.ts';
import { type RawRequest, sendRaw } from './support/raw-request.ts';
import type { TestSubgraph } from './support/subgraph.ts';

/** What scanners of GraphQL endpoints try, under the names that graphql-cop has for it, as in production. */
let authors: TestSubgraph;
let gateway: TestGateway;

beforeAll(async () => {
  authors = await startAuthors();
  gateway = await startTestGateway([authors], { NODE_ENV: 'production' });
});

afterAll(async () => {
  await gateway.close();
  await authors.stop();
});

interface Answered {
  data?: unknown;
  errors?: { message: string; extensions: { code: string } }[];
}

async function ask(request: RawRequest): Promise<{ status: number; text: string; codes: string[] }> {
  const before = authors.requests.length;
  const { status, text } = await sendRaw(gateway.endpoint, request);
  const { data = null, errors = [] } = JSON.parse(text) as Answered;
  expect(data).toBeNull();
  // Whatever it was, it is refused before anything is asked of a subgraph.
  expect(authors.requests).toHaveLength(before);
  return { status, text, codes: [...new Set(errors.map(({ extensions }) => extensions.code))] };
}

const post = (query: string) => ask({ body: { query } });
const INVALID = ['GRAPHQL_VALIDATION_FAILED'];

describe('denial of service', () => {
  it('Array-based Query Batching', async () => {
    const batch = Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }));
    const { status, codes } = await ask({ body: batch });
    expect([status, codes]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('Introspection-based Circular Query', async () => {
    const nested = 'fields { type { '.repeat(15);
    const { codes } = await post(`{ __schema { types { ${nested} name ${'} } '.repeat(15)} } } }`);
    expect(codes).toEqual(['MAX_DEPTH_LIMIT']);
  });

  it('Circular Fragments', async () => {
    const { codes } = await post(
      '{ author { ...A } } fragment A on Author { ...B } fragment B on Author { ...A }',
    );
    expect(codes).toEqual(INVALID);
  });

  it('Directive Overloading', async () => {
    for (const directive of ['@aa', '@skip(if: false)']) {
      const { codes } = await post(`query cop { __typename ${directive.repeat(10)} }`);
      expect(codes).toEqual(['MAX_DIRECTIVES_PER_PLACE_LIMIT']);
    }
  });
});

describe('cross-site request forgery', () => {
  it('GET Method Query Support', async () => {
    const { status, codes } = await ask({ search: { query: 'query cop { __typename }' } });
    expect([status, codes]).toEqual([400, ['BAD_REQUEST']]);
  });

  it.each([
    ['as a link', {}],
    ['by a program', { 'apollo-require-preflight': '1' }],
    ['as JSON', { 'content-type': 'application/json' }],
    ['as an event stream', { 'apollo-require-preflight': '1', accept: 'text/event-stream' }],
  ])('Mutation is allowed over GET: %s', async (_name, headers) => {
    const query = 'mutation cop { rename(name: "x") { name } }';
    const { status, codes } = await ask({ search: { query }, headers });
    expect([[400, 405].includes(status), codes]).toEqual([true, ['BAD_REQUEST']]);
  });

  it.each([['application/x-www-form-urlencoded'], ['multipart/form-data; boundary=x'], ['text/plain']])(
    'POST based url-encoded query: %s',
    async (type) => {
      const body = { query: 'mutation cop { rename(name: "x") { name } }' };
      const { status, codes } = await ask({ body, headers: { 'content-type': type } });
      expect([status, codes]).toEqual([415, ['UNSUPPORTED_MEDIA_TYPE']]);
    },
  );
});

describe('information leakage', () => {
  it('Introspection', async () => {
    expect((await post('query cop { __schema { types { name fields { name } } } }')).codes).toEqual(INVALID);
  });

  it('Field Suggestions', async () => {
    const { text, codes } = await post('query cop { autor { name } }');
    expect([codes, text]).toEqual([INVALID, expect.not.stringContaining('author')]);
  });

  it.each([['{ _service { sdl } }'], ['{ _entities(representations: []) { __typename } }']])(
    'Federation’s own fields: %s',
    async (query) => {
      expect((await post(query)).codes).toEqual(INVALID);
    },
  );

  it.each([['/'], ['/graphql'], ['/graphiql'], ['/playground'], ['/console'], ['/explorer'], ['/altair']])(
    'GraphQL IDE: %s',
    async (path) => {
      const { status, text } = await sendRaw(gateway.url + path, { headers: { accept: 'text/html' } });
      expect([400, 404]).toContain(status);
      expect(JSON.parse(text)).toEqual({ errors: [expect.anything()] });
    },
  );

  it('Trace Mode', async () => {
    const { headers, text } = await sendRaw(gateway.endpoint, {
      body: { query: 'query cop { __typename }' },
      headers: {
        'apollo-federation-include-trace': 'ftv1',
        'apollo-query-plan-experimental': '1',
        'tributary-explain': '1',
        'x-apollo-tracing': '1',
      },
    });
    expect(JSON.parse(text)).toEqual({ data: { __typename: 'Query' } });
    expect(Object.keys(headers).filter((name) => /trac|plan|explain/.test(name))).toEqual([]);
  });

  it('Unhandled Errors Detection', async () => {
    const { codes, text } = await post('qwerty cop { abc }');
    expect(codes).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(text).not.toMatch(/exception|stack|node_modules|\.[jt]s:/i);
  });
});
