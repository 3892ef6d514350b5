import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { openSocket } from '../subscriptions/support/socket.ts';
import type { TestGateway } from '../support/gateway.ts';
import { get, send, startItems, times } from './items.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startItems();
});
afterAll(async () => {
  await gateway?.close();
});

/** Documents over a limit: the limit's code, how much is allowed, and how much there is, where that is told. */
const OVER: readonly [name: string, query: string, code: string, limit: number, actual: number | null][] = [
  ['tokens', `{ ${times(999, () => '__typename')} }`, 'MAX_TOKENS_LIMIT', 1_000, null],
  ['braces without end', '{a'.repeat(40_000), 'MAX_TOKENS_LIMIT', 1_000, null],
  ['lists without end', `{ items(ids: ${'['.repeat(40_000)}`, 'MAX_TOKENS_LIMIT', 1_000, null],
  ['objects without end', `{ items(filter: ${'{not:'.repeat(15_000)}`, 'MAX_TOKENS_LIMIT', 1_000, null],
  ['depth', `${'{item'.repeat(31)}{id}${'}'.repeat(31)}`, 'MAX_DEPTH_LIMIT', 30, 32],
  [
    'depth through fragments',
    `{ ...F0 } ${times(40, (n) => `fragment F${n} on ${n ? 'Item' : 'Query'} { item { ...F${n + 1} } }`)}
     fragment F40 on Item { id }`,
    'MAX_DEPTH_LIMIT',
    30,
    41,
  ],
  [
    'inline fragments',
    `{ ${'...{'.repeat(300)} __typename ${'}'.repeat(300)} ${'...{'.repeat(301)}`,
    'MAX_TOKENS_LIMIT',
    1_000,
    null,
  ],
  [
    'aliases of one root field',
    `{ ${times(100, (n) => `a${n}: __typename`)} }`,
    'MAX_ROOT_FIELDS_LIMIT',
    20,
    100,
  ],
  ['aliases', `{ item { ${times(51, (n) => `a${n}: id`)} } }`, 'MAX_ALIASES_LIMIT', 50, 51],
  [
    'aliases through fragments',
    `{ item { ...F item { ...F item { ...F } } } } fragment F on Item { ${times(20, (n) => `a${n}: id`)} }`,
    'MAX_ALIASES_LIMIT',
    50,
    60,
  ],
  [
    'root fields',
    `{ ...F } fragment F on Query { ${times(21, (n) => `a${n}: __typename`)} }`,
    'MAX_ROOT_FIELDS_LIMIT',
    20,
    21,
  ],
  ['one field 500 times', `{ ${times(500, () => '__typename')} }`, 'MAX_DUPLICATES_LIMIT', 50, 51],
  [
    'duplicates in inline fragments',
    `{ ${times(60, () => '... { item { id } }')} }`,
    'MAX_DUPLICATES_LIMIT',
    50,
    51,
  ],
  [
    'directives in one place',
    `{ __typename ${times(10, () => '@aa')} }`,
    'MAX_DIRECTIVES_PER_PLACE_LIMIT',
    5,
    10,
  ],
  [
    'directives',
    `{ item { ${times(17, (n) => `a${n}: id @skip(if: false) @include(if: true) @deprecated`)} } }`,
    'MAX_DIRECTIVES_LIMIT',
    50,
    51,
  ],
  [
    'fragments',
    `{ ...F0 } ${times(51, (n) => `fragment F${n} on Query { __typename }`)}`,
    'MAX_DEFINITIONS_LIMIT',
    50,
    52,
  ],
  ['operations', times(51, (n) => `query Q${n} { __typename }`), 'MAX_DEFINITIONS_LIMIT', 50, 51],
  [
    'fragments that spread one another twice',
    `{ ...F0 } ${times(40, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)}
     fragment F40 on Query { item { id } }`,
    'MAX_ROOT_FIELDS_LIMIT',
    20,
    null,
  ],
  [
    'fields through fragments',
    `{ item { ...F0 } } ${times(9, (n) => `fragment F${n} on Item { item { ...F${n + 1} } items { ...F${n + 1} } }`)}
     fragment F9 on Item { id name }`,
    'MAX_FIELDS_LIMIT',
    500,
    2_047,
  ],
  [
    'objects in an argument',
    `{ items(filter: ${'{not:'.repeat(21)}{}${'}'.repeat(21)}) { id } }`,
    'MAX_INPUT_DEPTH_LIMIT',
    20,
    null,
  ],
];

it.each(OVER)('refuses %s', async (_name, query, code, limit, actual) => {
  const told = await send(gateway.endpoint, { query });
  expect(told).toMatchObject({ status: 400, code, data: undefined });
  expect(told.extensions).toEqual({ code, limit, ...(actual !== null && { actual }) });
  const setting = code.replace(/^MAX_(.*)_LIMIT$/, '$1').toLowerCase();
  expect(told.message).toContain(`(limits.${setting})`);
  // What is remembered of the text is refused as well.
  expect(await send(gateway.endpoint, { query })).toEqual(told);
});

it.each([
  ['circular fragments', `{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }`],
  ['a fragment in itself', `{ item { ...A } } fragment A on Item { item { ...A } }`],
  ['a fragment that is not there', '{ ...A }'],
  ['no field of that name', `{ ${'x'.repeat(50_000)} }`],
])('leaves %s to validation', async (_name, query) => {
  const answer = await fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
});

it('tells a syntax error from too many tokens, wherever it is', async () => {
  const many = times(1_100, () => 'x');
  expect((await send(gateway.endpoint, { query: `{ item( } ${many}` })).code).toBe('GRAPHQL_PARSE_FAILED');
  expect((await send(gateway.endpoint, { query: `{ item "unfinished ${many}` })).code).toBe(
    'GRAPHQL_PARSE_FAILED',
  );
  expect((await send(gateway.endpoint, { query: `{ item { id ${many} ( } }` })).code).toBe(
    'MAX_TOKENS_LIMIT',
  );
});

it('lets through what is within all limits', async () => {
  const full = `{ ${times(20, (n) => `a${n}: item { ${'item {'.repeat(10)} id ${'}'.repeat(10)} }`)} }`;
  expect(await send(gateway.endpoint, { query: full })).toMatchObject({ status: 200, code: undefined });
  const deep = `${'{item'.repeat(29)}{id}${'}'.repeat(29)}`;
  expect(await send(gateway.endpoint, { query: deep })).toMatchObject({ status: 200, code: undefined });
  expect(await send(gateway.endpoint, { query: getIntrospectionQuery() })).toMatchObject({ status: 200 });
  const query = (text: string) => `{ echo(text: "${text}") }`;
  // Each takes two code units and four bytes.
  const whole = await send(gateway.endpoint, { query: query('😀'.repeat(1_000)) });
  expect(whole).toMatchObject({ status: 200, data: { echo: '😀'.repeat(1_000) } });
  expect((await send(gateway.endpoint, { query: query('\ud83d') })).code).toBe('GRAPHQL_PARSE_FAILED');
});

it('refuses the same in a URL, as a persisted query, and over a WebSocket, which stays open', async () => {
  const query = `{ item { ${times(60, (n) => `a${n}: id`)} } }`;
  expect(await get(gateway.endpoint, { query })).toMatchObject({ status: 400, code: 'MAX_ALIASES_LIMIT' });
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };
  expect(await send(gateway.endpoint, { query, extensions })).toMatchObject({
    status: 400,
    code: 'MAX_ALIASES_LIMIT',
  });
  expect(await send(gateway.endpoint, { extensions })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });

  const socket = await openSocket(gateway.endpoint);
  await socket.init();
  socket.subscribe('1', query);
  const error = (code: string) => ({ type: 'error', payload: [{ extensions: { code } }] });
  expect(await socket.receive()).toMatchObject({ id: '1', ...error('MAX_ALIASES_LIMIT') });
  socket.subscribe('2', `subscription { ${'...{'.repeat(600)}`);
  expect(await socket.receive()).toMatchObject({ id: '2', ...error('MAX_TOKENS_LIMIT') });
  socket.subscribe('3', '{ item { id } }');
  expect(await socket.receive()).toMatchObject({ id: '3', type: 'next' });
  await socket.close();
});

it('refuses the same of who asks for an event stream', async () => {
  const answer = await fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: `subscription { ${times(30, (n) => `a${n}: __typename`)} }` }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'MAX_ROOT_FIELDS_LIMIT' } }] });
});

describe('a batch of operations', () => {
  it.each([
    ['ten', Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))],
    ['one', [{ query: '{ __typename }' }]],
    ['none', []],
  ])('is refused, of %s', async (_name, batch) => {
    const told = await send(gateway.endpoint, batch);
    expect(told).toMatchObject({ status: 400, code: 'BAD_REQUEST', data: undefined });
    expect(told.message).toBe('Operation batching disabled.');
  });
});
