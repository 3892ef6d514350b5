import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { ADA, startAuthors } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';

let authors: TestSubgraph;
let gateway: TestGateway;
beforeAll(async () => {
  authors = await startAuthors();
  gateway = await startTestGateway([authors]);
});
afterAll(async () => {
  await gateway.close();
  await authors.stop();
});

const ENTITY = `_entities(representations: [{ __typename: "Author", id: "${ADA}" }]) { ... on Author { name } }`;

describe('what subgraphs have for the gateway is not reachable through it', () => {
  it.each([
    ['_service', '{ _service { sdl } }'],
    ['_service', '{ it: _service { sdl } }'],
    ['_service', '{ ... on Query { _service { sdl } } }'],
    ['_service', '{ author { name } ...A } fragment A on Query { _service { sdl } }'],
    ['_service', 'query ($no: Boolean = false) { author { name } _service @include(if: $no) { sdl } }'],
    ['_service', 'mutation { _service { sdl } }'],
    ['_entities', `{ ${ENTITY} }`],
    ['_entities', `{ author { name } ...A } fragment A on Query { ${ENTITY} }`],
    ['_Any', `query ($of: [_Any!]!) { ${ENTITY.replace(/\[.*\]/, '$of')} }`],
  ])('%s: %s', async (name, query) => {
    const before = authors.requests.length;
    const { data, errors } = await gateway.query({ query });
    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions?.code)).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(errors?.some(({ message }) => message.includes(name))).toBe(true);
    expect(authors.requests).toHaveLength(before);
  });

  it('nor is it told of', async () => {
    const { data } = await gateway.query({
      query: '{ __schema { types { name } queryType { fields { name } } } }',
    });
    const schema = JSON.stringify(data);
    expect(schema).toContain('"Author"');
    expect(schema).not.toMatch(/"_(service|entities|Service|Entity|Any)"/);
  });
});
