import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startAuthors } from './support/library.ts';
import { sendRaw } from './support/raw-request.ts';
import type { TestSubgraph } from './support/subgraph.ts';

/** What scanners of GraphQL endpoints try that the limits refuse, under the names that graphql-cop has for it. */
let authors: TestSubgraph;
/** By `NODE_ENV`: with introspection, only the limits refuse what goes round in circles. */
const gateways = new Map<string, TestGateway>();

beforeAll(async () => {
  authors = await startAuthors();
  for (const env of ['development', 'production']) {
    gateways.set(env, await startTestGateway([authors], { NODE_ENV: env }));
  }
});

afterAll(async () => {
  for (const gateway of gateways.values()) await gateway.close();
  await authors.stop();
});

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const nested = (count: number) =>
  `{ __schema { types { ${'fields { type { '.repeat(count)} name ${'} } '.repeat(count)} } } }`;

describe.each([['development'], ['production']])('overloading in %s', (env) => {
  it.each([
    ['Alias Overloading', `query cop { ${many(101, (index) => `alias${index}: __typename`)} }`],
    ['Field Duplication', `query cop { ${many(5_000, () => '__typename')} }`],
    ['Directive Overloading', `query cop { __typename ${'@aa'.repeat(500)} }`],
    ['Introspection-based Circular Query', nested(15)],
    ['Deep nesting', `${'{ a '.repeat(40_000)}${'}'.repeat(40_000)}`],
  ])('%s', async (_name, query) => {
    const before = authors.requests.length;
    const { status, text } = await sendRaw(gateways.get(env)?.endpoint ?? '', {
      body: { query },
      headers: { accept: 'application/graphql-response+json' },
    });
    const { data = null, errors } = JSON.parse(text);
    expect([status >= 400 && status < 500, data, authors.requests.length - before]).toEqual([true, null, 0]);
    // One error is enough: the answer is not to be as large as the question.
    expect(errors).toHaveLength(1);
  });
});
