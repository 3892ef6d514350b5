import { afterEach, expect, it } from '@jest/globals';
import type { TestGateway } from '../support/gateway.ts';
import { send, startItems, times } from './items.ts';

let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

async function start(yaml: string): Promise<string> {
  gateway = await startItems({ files: { 'gateway.yaml': yaml } });
  return gateway.endpoint;
}

it('takes the limits of the file, and leaves out those that are off', async () => {
  const endpoint = await start(`
limits:
  body: 2KB
  tokens: 600
  depth: 3
  root_fields: off
  aliases: off
  list_items: 2
  input_depth: 1
`);
  const codeOf = async (query: string, variables = {}) => (await send(endpoint, { query, variables })).code;
  expect(await codeOf('{ item { item { item { id } } } }')).toBe('MAX_DEPTH_LIMIT');
  expect(await codeOf('{ item { item { id } } }')).toBeUndefined();
  expect(await codeOf(`{ ${times(100, (n) => `a${n}: __typename`)} }`)).toBeUndefined();
  expect(await codeOf(`{ ${times(299, () => 'a:x')} }`)).toBe('MAX_TOKENS_LIMIT');
  expect(await codeOf('{ items(ids: ["1", "2", "3"]) { id } }')).toBe('MAX_LIST_ITEMS_LIMIT');
  expect(await codeOf('query Q($ids: [ID!] = ["1", "2", "3"]) { items(ids: $ids) { id } }')).toBe(
    'MAX_LIST_ITEMS_LIMIT',
  );
  expect(await codeOf('{ items(ids: ["1", "2"]) { id } }')).toBeUndefined();
  expect(await codeOf('query Q($f: Filter) { items(filter: $f) { id } }', { f: { not: {} } })).toBe(
    'MAX_INPUT_DEPTH_LIMIT',
  );
  expect(await send(endpoint, { query: `{ __typename } # ${'x'.repeat(2_000)}` })).toMatchObject({
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  });
});

it('refuses bodies over 100 kB when nothing is said, and takes those below', async () => {
  gateway = await startItems();
  const { endpoint } = gateway;
  const body = (length: number) => {
    const empty = JSON.stringify({ query: '{ __typename } #' });
    return JSON.stringify({ query: `{ __typename } #${'x'.repeat(length - empty.length)}` });
  };
  expect(await send(endpoint, body(100_001))).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
  expect(await send(endpoint, body(100_000))).toMatchObject({ status: 200, data: { __typename: 'Query' } });
});

it.each([
  ['tokens: off', /limits\.tokens: must be a whole number from 1 to 1,000,000$/],
  ['depth: 201', /limits\.depth: must be a whole number from 1 to 200$/],
  ['aliases: 0', /limits\.aliases: must be a whole number from 1 to 1,000,000/],
  ['list_items: many', /limits\.list_items: must be a whole number/],
  ['body: 100', /limits\.body: must be a size with its unit/],
  ['dephts: 3', /limits\.dephts: is not a key of this file$/],
])('does not start with `%s`', async (line, message) => {
  await expect(start(`limits:\n  ${line}\n`)).rejects.toThrow(message);
});
