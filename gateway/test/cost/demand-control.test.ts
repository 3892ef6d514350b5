import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openSocket } from '../subscriptions/support/socket.ts';
import type { TestGateway } from '../support/gateway.ts';
import { startCosts } from './costs.ts';

let gateway: TestGateway;

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  extensions?: { cost?: { limit: number; estimated: number; actual?: number } };
}

async function ask(
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
  asked = gateway,
) {
  const response = await fetch(asked.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

/** What the gateway says that an operation costs. */
async function costOf(query: string, variables: object = {}, asked = gateway) {
  const { body } = await ask(query, variables, { 'tributary-explain': '1' }, asked);
  const { estimated, actual } = body.extensions?.cost ?? {};
  return [estimated, actual];
}

const YAML = 'cost: { limit: 100, list_size: 10 }\n';

describe('what operations cost', () => {
  beforeAll(async () => {
    gateway = await startCosts({ files: { 'gateway.yaml': YAML } });
  });
  afterAll(async () => {
    await gateway?.close();
  });

  it.each<[string, string, object, number, number]>([
    ['objects cost 1, leaves nothing', '{ book { id title } }', {}, 1, 1],
    ['types and fields as `@cost` says', '{ book { author { name } signed } }', {}, 8, 8],
    ['each item of a list of scalars with a weight', '{ book { tags } }', {}, 11, 3],
    ['lists of whose size nothing is said', '{ many { id } }', {}, 10, 2],
    ['lists of an assumed size', '{ some { author { name } } }', {}, 12, 4],
    ['a slicing argument', '{ books(first: 2) { id } }', {}, 2, 2],
    ['the default of a slicing argument', '{ books { id } }', {}, 5, 5],
    ['a variable for a slicing argument', 'query B($n: Int) { books(first: $n) { id } }', { n: 7 }, 7, 7],
    ['the default of a variable', 'query B($n: Int = 3) { books(first: $n) { id } }', {}, 3, 3],
    ['a variable that is not given', 'query B($n: Int) { books(first: $n) { id } }', {}, 5, 5],
    ['an empty list', '{ books(first: 0) { author { name } } }', {}, 0, 0],
    ['fewer items than none', '{ books(first: -3) { id } }', {}, 0, 0],
    ['a field of the size that its parent says', '{ shelf(last: 4) { total books { id } } }', {}, 5, 3],
    [
      'such a field in a fragment',
      '{ shelf(last: 4) { ...S } } fragment S on Shelf { ... { books { id } } }',
      {},
      5,
      3,
    ],
    ['lists in lists, over subgraphs', '{ books(first: 2) { pages { number } } }', {}, 22, 6],
    [
      'fragments on all types',
      '{ works { ... on Book { author { name } } ... on Film { director { name } } } }',
      {},
      70,
      6,
    ],
    ['what is left out', '{ book { id author @skip(if: true) { name } } }', {}, 1, 1],
    ['a mutation', 'mutation { rename(id: 1, title: "x") { author { name } } }', {}, 14, 14],
    ['what is asked for twice', '{ book { id } book { author { name } } }', {}, 5, 4],
    ['the schema and `__typename`', '{ __typename __schema { types { name fields { name } } } }', {}, 0, 0],
    ['arguments', '{ sum(numbers: [1, 2]) }', {}, 13, 13],
    ['input objects', '{ search(filter: { author: { name: "x" }, not: { title: "x" } }) { id } }', {}, 8, 7],
    [
      'input objects in variables',
      'query S($filter: Filter) { search(filter: $filter) { id } }',
      { filter: { author: { name: 'x' }, not: { title: 'x' } } },
      8,
      7,
    ],
  ])('%s', async (_name, query, variables, estimated, actual) => {
    expect(await costOf(query, variables)).toEqual([estimated, actual]);
  });

  it('depends on the variables in `@skip` and `@include`', async () => {
    const query = 'query B($bare: Boolean! = true) { book { id author @skip(if: $bare) { name } } }';
    expect(await costOf(query)).toEqual([1, 1]);
    expect(await costOf(query, { bare: false })).toEqual([4, 4]);
    expect(await costOf(query, { bare: true })).toEqual([1, 1]);
  });

  it('counts deferred parts when they are there', async () => {
    const before = await metric('gateway_operation_actual_cost_sum', 'type="query"');
    const response = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;deferSpec=20220824' },
      body: JSON.stringify({ query: '{ book { id ... @defer { pages { number } } } }' }),
    });
    expect(await response.text()).toContain('"pages":[');
    expect((await metric('gateway_operation_actual_cost_sum', 'type="query"')) - before).toBe(3);
  });

  it('is refused over the limit, whichever way the operation is answered', async () => {
    const query = 'query B($n: Int) { books(first: $n) { id author { name } } }';
    const refused = {
      status: 400,
      body: {
        errors: [
          {
            message: expect.stringContaining('The operation may cost 104, and 100 is allowed'),
            extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', cost: { estimated: 104, limit: 100 } },
          },
        ],
      },
    };
    const before = await metric('gateway_operations_too_expensive_total', 'outcome="refused"');
    expect(await ask(query, { n: 26 })).toEqual(refused);
    expect(await ask(query, { n: 25 })).toMatchObject({
      status: 200,
      body: { data: { books: expect.anything() } },
    });
    // It is compiled now.
    expect(await ask(query, { n: 26 })).toEqual(refused);
    expect((await metric('gateway_operations_too_expensive_total', 'outcome="refused"')) - before).toBe(2);

    const socket = await openSocket(gateway.endpoint);
    await socket.init();
    socket.subscribe('1', query, { n: 1_000_000 });
    expect(await socket.receive()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', cost: { estimated: 4_000_000 } } }],
    });
    await socket.close();
  });

  it('can only be told when exactly one slicing argument is given, where the schema wants that', async () => {
    const query = 'query S($first: Int, $last: Int) { shelf(first: $first, last: $last) { total } }';
    const codes = async (variables: object) => (await ask(query, variables)).body.errors?.[0];
    expect(await codes({ first: 1 })).toBeUndefined();
    for (let i = 0; i < 2; i++) {
      for (const [variables, count] of [
        [{}, 0],
        [{ first: 1, last: 1 }, 2],
      ] as const)
        expect(await codes(variables)).toMatchObject({
          message: `What the operation costs cannot be told: Query.shelf takes exactly one of the arguments \`first\`, \`last\`, not ${count}.`,
          extensions: { code: 'COST_QUERY_PARSE_FAILURE' },
        });
    }
  });

  it('is not looked at closely where variables do not fit: they are refused', async () => {
    const query =
      'query S($filter: Filter, $n: Int) { search(filter: $filter) { id } books(first: $n) { id } }';
    for (const variables of [{ filter: 'x' }, { filter: { author: 3 } }, { n: 'many' }, { filter: [1] }])
      expect((await ask(query, variables)).body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is told only to who asks, and measured for all', async () => {
    const before = await metric('gateway_operation_estimated_cost_count', 'type="query"');
    const { body } = await ask('{ book { id } }');
    expect(body).toEqual({ data: { book: { id: '1' } } });
    expect((await metric('gateway_operation_estimated_cost_count', 'type="query"')) - before).toBe(1);
  });
});

describe('a gateway', () => {
  afterEach(async () => {
    await gateway?.close();
  });

  it('knows the directives by other names, and the costs of the supergraph that it goes over to', async () => {
    gateway = await startCosts({ files: { 'gateway.yaml': YAML } }, true, { SUPERGRAPH_WATCH: 'true' });
    const query = '{ book { author { name } signed } some { id } }';
    expect(await costOf(query)).toEqual([11, 9]);
    const sdl = await readFile(gateway.workspace.path('supergraph.graphql'), 'utf8');
    expect(sdl).toContain('@price(weight: 3)');
    await gateway.workspace.write(
      'supergraph.graphql',
      sdl.replace('@price(weight: 3)', '@price(weight: 13)'),
    );
    let costs = await costOf(query);
    while (costs[0] === 11) costs = await costOf(query);
    expect(costs).toEqual([21, 19]);
  });

  it('that measures runs what is over the limit', async () => {
    gateway = await startCosts({ files: { 'gateway.yaml': 'cost: { limit: 1, mode: measure }\n' } });
    const query = '{ shelf { total } many { id } }';
    for (let i = 0; i < 2; i++) expect((await ask(query)).body.errors).toBeUndefined();
    expect(await metric('gateway_operations_too_expensive_total', 'outcome="run"')).toBe(2);
    expect(await metric('gateway_operation_actual_cost_sum', 'type="query"')).toBe(6);
  });

  it('in production tells nobody', async () => {
    gateway = await startCosts({ files: { 'gateway.yaml': YAML } }, false, { NODE_ENV: 'production' });
    expect(await costOf('{ book { id } }')).toEqual([undefined, undefined]);
  });

  it('that is told nothing of costs does not count them', async () => {
    gateway = await startCosts();
    expect(await costOf('{ books(first: 1000) { id } }')).toEqual([undefined, undefined]);
    expect(await (await fetch(`${gateway.adminUrl}/metrics`)).text()).not.toContain('cost');
  });

  it.each([
    ['list_size: 3', /cost\.limit: /],
    ['limit: -1', /cost\.limit: must be a whole number from 0 to 1,000,000,000$/],
    ['limit: 1\n  mode: refuse', /cost\.mode: must be `enforce` or `measure`$/],
  ])('does not start with `%s`', async (line, message) => {
    await expect(startCosts({ files: { 'gateway.yaml': `cost:\n  ${line}\n` } })).rejects.toThrow(message);
    gateway = await startCosts();
  });
});

/** @param name - of the figure, and a label of it where there are several */
async function metric(name: string, label = ''): Promise<number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes(label));
  return Number(line?.split(' ').at(-1) ?? 0);
}
