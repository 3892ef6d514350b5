import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSocket } from '../subscriptions/support/socket.ts';
import type { TestGateway } from '../support/gateway.ts';
import { get, send, startItems, times } from './items.ts';

const QUERY = `query Items($ids: [ID!], $filter: Filter, $pairs: [[Int]]) {
  items(ids: $ids, filter: $filter, pairs: $pairs) { id }
}`;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startItems();
});
afterAll(async () => {
  await gateway?.close();
});

const request = (variables: string, query = QUERY) =>
  `{"query":${JSON.stringify(query)},"variables":${variables}}`;

/** Sends a request for an operation that is not known, and for one that is: other code answers that. */
async function sendBothWays(variables: string) {
  const query = `${QUERY} # ${variables.length} ${variables.slice(0, 40)}`;
  const fresh = await send(gateway.endpoint, request(variables, query));
  await send(gateway.endpoint, request('{}', query));
  expect(await send(gateway.endpoint, request('{}', query))).toMatchObject({ status: 200, code: undefined });
  const known = await send(gateway.endpoint, request(variables, query));
  expect(known).toEqual(fresh);
  return fresh;
}

const OVER: readonly [name: string, variables: string, code: string, extensions: object][] = [
  ['a list', `{"ids":[${'"1",'.repeat(1_000)}"1"]}`, 'MAX_LIST_ITEMS_LIMIT', { limit: 1_000, actual: 1_001 }],
  [
    'lists in lists',
    `{"pairs":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
    'MAX_INPUT_DEPTH_LIMIT',
    { limit: 20 },
  ],
  [
    'objects in objects',
    `{"filter":${'{"not":'.repeat(10_000)}{}${'}'.repeat(10_000)}}`,
    'MAX_INPUT_DEPTH_LIMIT',
    { limit: 20 },
  ],
  [
    'what nobody asked for',
    `{"other":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
    'MAX_INPUT_DEPTH_LIMIT',
    { limit: 20 },
  ],
  [
    'many values',
    `{"pairs":[${Array.from({ length: 51 }, () => `[${'1,'.repeat(99)}1]`).join()}]}`,
    'MAX_INPUT_VALUES_LIMIT',
    { limit: 5_000 },
  ],
  [
    'many keys',
    `{${Array.from({ length: 5_001 }, (_, n) => `"v${n}":0`).join()}}`,
    'MAX_INPUT_VALUES_LIMIT',
    { limit: 5_000 },
  ],
];

it.each(OVER)('refuses too much in variables: %s', async (_name, variables, code, extensions) => {
  const told = await sendBothWays(variables);
  expect(told).toMatchObject({ status: 400, code, data: undefined });
  expect(told.extensions).toEqual({ code, ...extensions });
});

it('lets through what is within the limits', async () => {
  const nested = `${'{"not":'.repeat(18)}{}${'}'.repeat(18)}`;
  const variables = `{"ids":[${'"1",'.repeat(999)}"1"],"filter":${nested},"pairs":[[1,2],[3]]}`;
  expect(await sendBothWays(variables)).toMatchObject({ status: 200, data: { items: [{ id: '1' }] } });
});

it.each([
  ['a number that is too large', '{"number":1e400}'],
  ['a number of 50,000 digits', `{"number":${'9'.repeat(50_000)}}`],
  ['a text for a number', `{"number":"${'9'.repeat(50_000)}"}`],
  ['half a surrogate pair for a number', '{"number":"\\ud800"}'],
])('answers %s with what is wrong', async (_name, variables) => {
  const query = 'query Echo($number: Int) { echo(number: $number) }';
  for (let i = 0; i < 2; i++) {
    expect(await send(gateway.endpoint, request(variables, query))).toMatchObject({
      status: 200,
      code: 'BAD_USER_INPUT',
    });
  }
});

describe('names that every object inherits', () => {
  it('are refused in the body', async () => {
    for (const body of [
      '{"query":"{ __typename }","__proto__":{"isAdmin":true}}',
      '{"query":"{ __typename }","variables":{"__proto__":{"isAdmin":true}}}',
      '{"query":"{ __typename }","variables":{"a":{"\\u005f_proto__":null}}}',
      '{"query":"{ __typename }","constructor":{"prototype":{"isAdmin":true}}}',
    ])
      expect(await send(gateway.endpoint, body)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect({}).not.toHaveProperty('isAdmin');
  });

  it('are refused in a URL and over a WebSocket, where nobody else looks', async () => {
    const variables = '{"filter":{"not":{"__proto__":{"name":"x"}}}}';
    expect(await get(gateway.endpoint, { query: QUERY, variables })).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
      message: 'The variables have a key `__proto__`.',
    });
    const socket = await openSocket(gateway.endpoint);
    await socket.init();
    socket.send(`{"id":"1","type":"subscribe","payload":${request(variables)}}`);
    expect(await socket.receive()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
    await socket.close();
  });

  it('are harmless as names of variables', async () => {
    const query =
      'query Echo($constructor: String, $toString: String) { a: echo(text: $constructor) b: echo(text: $toString) }';
    for (let i = 0; i < 2; i++) {
      const told = await send(gateway.endpoint, { query, variables: { constructor: 'text' } });
      expect(told.data).toEqual({ a: 'text', b: null });
    }
  });
});

it('refuses an operation with 1,000 variables, and answers one with 100', async () => {
  const definitions = (count: number) => times(count, (n) => `$v${n}: Int`);
  const query = (count: number) =>
    `query Many(${definitions(count)}) { item { ${times(Math.min(count, 25), (n) => `a${n}: id @skip(if: false)`)} } }`;
  expect(await send(gateway.endpoint, { query: query(1_000) })).toMatchObject({
    status: 400,
    code: 'MAX_TOKENS_LIMIT',
  });
  const used = `query Many(${definitions(100)}) { ${times(10, (field) => `e${field}: items(pairs: [${times(10, (n) => `[$v${field * 10 + n}]`)}]) { id }`)} }`;
  expect(await send(gateway.endpoint, { query: used, variables: { v99: 1 } })).toMatchObject({
    status: 200,
    code: undefined,
  });
});
