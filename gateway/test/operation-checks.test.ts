import { HeaderMap } from '@apollo/server';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import type { AskedOperation, OperationCheck } from '../src/operations/operation-checks.ts';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startAuthors, startBooks } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

const QUERY = 'query Books($bare: Boolean!) { books { title @skip(if: $bare) } }';
let subgraphs: TestSubgraph[];
let gateway: TestGateway;
let check: OperationCheck;
const asked: AskedOperation[] = [];

beforeAll(async () => {
  subgraphs = await Promise.all([startAuthors(), startBooks()]);
  gateway = await startTestGateway(
    subgraphs,
    {},
    {
      checks: [
        (operation) => {
          asked.push(operation);
          return check(operation);
        },
      ],
    },
  );
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all((subgraphs ?? []).map((subgraph) => subgraph.stop()));
});
beforeEach(() => {
  asked.length = 0;
  check = () => undefined;
});

async function ask(query = QUERY) {
  const response = await fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'the-same' },
    body: JSON.stringify({ query, variables: { bare: false } }),
  });
  const { date: _, ...headers } = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: await response.json() };
}

const tooOften = () =>
  new GraphQLError('Too often.', {
    extensions: { code: 'TOO_OFTEN', http: { status: 429, headers: new HeaderMap([['retry-after', '7']]) } },
  });

it.each<[string, OperationCheck]>([
  [
    'that throws',
    () => {
      throw tooOften();
    },
  ],
  [
    'that rejects',
    async () => {
      throw tooOften();
    },
  ],
])('refuses in the same way what is new and what was compiled before, by a check %s', async (_, refuse) => {
  const query = `${QUERY} # ${_}`;
  check = refuse;
  const fresh = await ask(query);
  check = () => undefined;
  expect(await ask(query)).toMatchObject({ status: 200, body: { data: { books: expect.anything() } } });
  check = refuse;
  expect(await ask(query)).toEqual(fresh);
  expect(fresh).toMatchObject({
    status: 429,
    headers: { 'retry-after': '7', 'cache-control': 'no-store' },
    body: { errors: [{ message: 'Too often.', extensions: { code: 'TOO_OFTEN' } }] },
  });
  expect(fresh.body).not.toHaveProperty('data');
});

it('masks what a check did not mean to say', async () => {
  check = () => {
    throw new TypeError('secret');
  };
  const fresh = await ask(`${QUERY} # fault`);
  check = () => undefined;
  await ask(`${QUERY} # fault`);
  check = () => {
    throw new TypeError('secret');
  };
  const known = await ask(`${QUERY} # fault`);
  for (const answer of [fresh, known]) {
    expect(answer).toMatchObject({ status: 500, body: { errors: [{ message: 'Internal server error' }] } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  }
});

it('tells a check the operation once for each request, whichever way it is answered', async () => {
  for (let i = 0; i < 3; i++) await ask(`${QUERY} # told`);
  expect(asked).toHaveLength(3);
  for (const { source, operation, schema, variables, context } of asked) {
    expect(source).toBe(`${QUERY} # told`);
    expect(operation.name?.value).toBe('Books');
    expect(schema.getQueryType()?.name).toBe('Query');
    expect(variables).toEqual({ bare: false });
    expect(context.requestId).toBe('the-same');
  }
  expect(asked[2]?.operation).toBe(asked[1]?.operation);
});
