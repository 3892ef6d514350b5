import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { userId } from '@tributary/prisma/seed';
import type { AnswerError } from '@tributary/testing';
import { type Graph, startGraph, type Viewer } from '../support/start-graph.ts';

let graph: Graph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.stop());

const idOf = (type: string, uuid: string) => Buffer.from(`${type}:${uuid}`).toString('base64url');
const USER_ID = idOf('User', userId(0));
const UNKNOWN = '00000000-0000-7000-8000-000000000000';

/** What must never stand in an answer: addresses, SQL, stacks, names of files and libraries. */
const LEAKS = /127\.0\.0\.1|localhost|ECONNREFUSED|SELECT|Prisma|pg_|\.ts:|\.js:|node_modules|stacktrace/i;

interface Case {
  name: string;
  query: string;
  variables?: Record<string, unknown>;
  viewer?: Viewer;
}

/** Cases that are refused, with the code and the reason. */
const REFUSED: (Case & { code: string; reason?: string; argument?: string })[] = [
  { name: 'a malformed id', query: '{ product(id: "x") { title } }', ...badInput('INVALID_ID', 'id') },
  {
    name: 'the id of another type',
    query: `{ product(id: "${USER_ID}") { title } }`,
    ...badInput('INVALID_ID', 'id'),
  },
  { name: 'a malformed id for node', query: '{ node(id: "!!") { id } }', ...badInput('INVALID_ID', 'id') },
  {
    name: 'a type that node does not know',
    query: `{ node(id: "${idOf('Secret', UNKNOWN)}") { id } }`,
    ...badInput('INVALID_ID', 'id'),
  },
  {
    name: 'a malformed cursor',
    query: '{ products(after: "zzz") { edges { cursor } } }',
    ...badInput('INVALID_CURSOR', 'after'),
  },
  {
    name: 'a cursor that is no text of ours',
    query: '{ categories(before: "eyJhIjoxfQ") { edges { cursor } } }',
    ...badInput('INVALID_CURSOR', 'before'),
  },
  {
    name: 'first: 1000',
    query: '{ products(first: 1000) { edges { cursor } } }',
    ...badInput('INVALID_PAGINATION', 'first'),
  },
  {
    name: 'first: -1',
    query: '{ products(first: -1) { edges { cursor } } }',
    ...badInput('INVALID_PAGINATION', 'first'),
  },
  {
    name: 'last: -5',
    query: '{ products(last: -5) { edges { cursor } } }',
    ...badInput('INVALID_PAGINATION', 'last'),
  },
  {
    name: 'first with last',
    query: '{ products(first: 1, last: 1) { edges { cursor } } }',
    ...badInput('INVALID_PAGINATION', 'last'),
  },
  {
    name: 'an unknown sort',
    query: '{ products(sort: { field: COLOUR }) { edges { cursor } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'an unknown sort in a variable',
    query: 'query ($sort: ProductSort) { products(sort: $sort) { edges { cursor } } }',
    variables: { sort: { field: 'COLOUR' } },
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'relevance without a search',
    query: '{ products(sort: { field: RELEVANCE }) { edges { cursor } } }',
    code: 'BAD_USER_INPUT',
  },
  {
    name: '10 kB of search text',
    query: 'query ($s: String) { products(search: $s) { edges { cursor } } }',
    variables: { s: 'shirt '.repeat(1_700) },
    ...badInput('TEXT_TOO_LONG', 'search'),
  },
  {
    name: 'a NUL character in a variable',
    query: 'query ($s: String) { products(search: $s) { edges { cursor } } }',
    variables: { s: 'shi\0rt' },
    code: 'BAD_USER_INPUT',
    reason: 'NUL_CHARACTER',
  },
  {
    name: 'a NUL character in a literal',
    query: '{ productBySlug(slug: "a\\u0000b") { title } }',
    code: 'BAD_USER_INPUT',
    reason: 'NUL_CHARACTER',
  },
  {
    name: 'a range of prices that is upside down',
    query: '{ products(filter: { price: { min: 2, max: 1, currency: USD } }) { edges { cursor } } }',
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'a search of one letter among users',
    query: '{ users(filter: { search: "a" }) { totalCount } }',
    viewer: 'staff',
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'a date that is none',
    query: '{ orders(filter: { placedAfter: "yesterday" }) { totalCount } }',
    viewer: 'staff',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'orders of everybody for a customer',
    query: '{ orders { totalCount } }',
    viewer: 'customer',
    code: 'UNAUTHORIZED_FIELD_OR_TYPE',
  },
  {
    name: 'orders of everybody for nobody',
    query: '{ orders { totalCount } }',
    code: 'UNAUTHORIZED_FIELD_OR_TYPE',
  },
];

/** Cases where the truth is that there is nothing. */
const EMPTY: (Case & { data: unknown })[] = [
  {
    name: 'an unknown id',
    query: `{ product(id: "${idOf('Product', UNKNOWN)}") { title } }`,
    data: { product: null },
  },
  {
    name: 'an unknown node',
    query: `{ node(id: "${idOf('Order', UNKNOWN)}") { id } }`,
    data: { node: null },
  },
  {
    name: 'an unknown slug',
    query: '{ productBySlug(slug: "💥") { title } }',
    data: { productBySlug: null },
  },
  ...[
    ['only punctuation', '!?&|:*()'],
    ['SQL', "'); EXEC xqzwv; --"],
    ['emoji', '🦄🦄🦄'],
    ['operators of a search', 'xqzw & | ! <-> :*'],
  ].map(([name, search]) => ({
    name: `a search for ${name}`,
    query: 'query ($s: String) { products(search: $s) { totalCount edges { cursor } } }',
    variables: { s: search },
    data: { products: { totalCount: 0, edges: [] } },
  })),
];

function badInput(reason: string, argument: string) {
  return { code: 'BAD_USER_INPUT', reason, argument };
}

describe('a clear error with a code', () => {
  it.each(REFUSED)('for $name', async ({ query, variables, viewer, code, reason, argument }) => {
    const { status, errors, headers } = await graph.ask(query, {
      ...(variables && { variables }),
      ...(viewer && { viewer }),
    });
    expect(status).toBeLessThan(500);
    expect(headers.get('x-request-id')).toBeTruthy();
    expect(errors).toHaveLength(1);
    const [error] = errors as [AnswerError];
    expect(error.extensions).toMatchObject({
      code,
      ...(reason && { reason }),
      ...(argument && { argument }),
    });
    expect(JSON.stringify(errors)).not.toMatch(LEAKS);
  });
});

describe('nothing, where that is the truth', () => {
  it.each(EMPTY)('for $name', async ({ query, variables, data: expected }) => {
    const { status, data, errors } = await graph.ask(query, {
      viewer: 'customer',
      ...(variables && { variables }),
    });
    expect({ status, data, errors }).toEqual({ status: 200, data: expected, errors: undefined });
  });
});

it('refuses an identity that the gateway did not sign, at each subgraph', async () => {
  for (const { url } of Object.values(graph.subgraphs)) {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-tributary-identity': 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
      },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toMatch(LEAKS);
  }
});
