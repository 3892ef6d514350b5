import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { ADA, startAuthors, startBooks } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

let subgraphs: TestSubgraph[];
let gateway: TestGateway;
/** The same gateway with a plugin, so that Apollo Server answers every request. */
let through: TestGateway;
let seenByPlugin = 0;
beforeAll(async () => {
  subgraphs = await Promise.all([startAuthors(), startBooks()]);
  gateway = await startTestGateway(subgraphs);
  through = await startTestGateway(
    subgraphs,
    {},
    { plugins: [{ requestDidStart: async () => void seenByPlugin++ }] },
  );
});
afterAll(async () => {
  await gateway?.close();
  await through?.close();
  await Promise.all((subgraphs ?? []).map((subgraph) => subgraph.stop()));
});

interface Request {
  body: object;
  headers?: Record<string, string>;
}

/** All of an answer that is not different each time. */
async function answerOf({ endpoint }: TestGateway, { body, headers = {} }: Request) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'the-same', ...headers },
    body: JSON.stringify(body),
  });
  const { date: _, ...others } = Object.fromEntries(response.headers);
  return { status: response.status, headers: others, text: await response.text() };
}

const BOOKS =
  'query Books($id: ID!) { books { title author { name } } node(id: $id) { ... on Author { name } } }';
const TWO = 'query One { author { name } } query Two { books { title } }';
const REQUESTS: Record<string, Request> = {
  'a query': { body: { query: '{ author { id name } }' } },
  'with variables': { body: { query: BOOKS, variables: { id: ADA } } },
  'with wrong variables': { body: { query: BOOKS, variables: { id: null } } },
  'without its variables': { body: { query: BOOKS } },
  'with variables that are no object': { body: { query: BOOKS, variables: [1] } },
  'the first of two operations': { body: { query: TWO, operationName: 'One' } },
  'the second of two operations': { body: { query: TWO, operationName: 'Two' } },
  'an operation that is not there': { body: { query: TWO, operationName: 'Three' } },
  'no operation of two': { body: { query: TWO } },
  'a field that fails': { body: { query: '{ author { name } failing }' } },
  'a mutation': { body: { query: 'mutation { rename(name: "B") { name } }' } },
  'one that is not valid': { body: { query: '{ nothing }' } },
  'one that does not parse': { body: { query: '{' } },
  'with empty extensions': { body: { query: '{ author { name } }', extensions: null } },
  introspection: { body: { query: '{ __schema { queryType { name } } author { __typename } }' } },
  'for application/graphql-response+json': {
    body: { query: '{ author { name } }' },
    headers: { accept: 'application/graphql-response+json, application/json;q=0.9' },
  },
  'for any type': { body: { query: '{ author { name } }' }, headers: { accept: '*/*' } },
  'for no type there is': { body: { query: '{ author { name } }' }, headers: { accept: 'text/plain' } },
};

describe('an operation that was compiled before', () => {
  it.each(Object.entries(REQUESTS))('is answered as Apollo Server answers it: %s', async (_, request) => {
    const expected = await answerOf(through, request);
    expect(await answerOf(gateway, request)).toEqual(expected);
    expect(await answerOf(gateway, request)).toEqual(expected);
    expect(await answerOf(through, request)).toEqual(expected);
  });

  it('is seen by every plugin', async () => {
    const before = seenByPlugin;
    for (let times = 0; times < 3; times++)
      await answerOf(through, { body: { query: '{ author { name } }' } });
    expect(seenByPlugin).toBe(before + 3);
  });
});
