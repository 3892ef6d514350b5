import { afterEach, describe, expect, it } from '@jest/globals';
import type { Environment } from '@tributary/platform';
import type { GraphQLRequest } from '@tributary/testing';
import { buildASTSchema, parse } from 'graphql';
import type { GatewayContext } from '../../src/context.ts';
import { readOverrideLabels } from '../../src/overrides/labels.ts';
import { labelsInOperation } from '../../src/overrides/labels-in-operation.ts';
import { ask, type Definition, startFederation } from '../support/federation.ts';
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts';

const opened: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key" "@override" "@requires" "@external" "@shareable"])`;

/** How often the field was asked for at each subgraph. */
let asked: Record<'old' | 'new', number>;
const seen = (subgraph: 'old' | 'new', value: unknown) => () => {
  asked[subgraph]++;
  return value;
};

/** A price that is moved from one subgraph to another, where it needs what stays. */
function shop(label: string): Record<string, Definition> {
  asked = { old: 0, new: 0 };
  return {
    old: [
      `${LINK}
      type Query { lamp: Lamp  hello: String }
      type Lamp @key(fields: "id") { id: ID! price: Int weight: Int }`,
      {
        Query: { lamp: () => ({ id: '1' }), hello: () => 'hello' },
        Lamp: {
          price: seen('old', 5),
          weight: () => 2,
          __resolveReference: ({ id }: { id: string }) => ({ id }),
        },
      },
    ],
    new: [
      `${LINK}
      type Lamp @key(fields: "id") {
        id: ID!
        weight: Int @external
        price: Int @requires(fields: "weight") @override(from: "old", label: "${label}")
      }`,
      {
        Lamp: {
          price: (lamp: { weight: number }) => seen('new', 3 + lamp.weight)(),
          __resolveReference: (lamp: object) => lamp,
        },
      },
    ],
  };
}

async function start(label: string, options: TestGatewayOptions = {}, env: Environment = {}) {
  const gateway = await startFederation(shop(label), env, options);
  opened.push(gateway);
  return gateway;
}

const PRICE = { query: '{ lamp { price } }' };
const ANSWER = { data: { lamp: { price: 5 } } };

/** Equally distributed numbers, the same each time (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const askTimes = async (gateway: TestGateway, times: number, request: GraphQLRequest = PRICE) => {
  for (let i = 0; i < times; i++) expect(await ask(gateway, request)).toEqual(ANSWER);
};

describe('a progressive override', () => {
  it.each([
    ['percent(0)', { old: 20, new: 0 }],
    ['percent(100)', { old: 0, new: 20 }],
  ])('with the label %s goes one way only', async (label, expected) => {
    const gateway = await start(label);
    await askTimes(gateway, 20);
    expect(asked).toEqual(expected);
  });

  it('takes its share of the operations', async () => {
    const gateway = await start('percent(5)', { overrides: { random: seeded(7) } });
    await askTimes(gateway, 300);
    // 15 are expected, and the standard deviation is 3.8.
    expect(asked.new).toBeGreaterThan(2);
    expect(asked.new).toBeLessThan(35);
    expect(asked.old + asked.new).toBe(300);
  });

  it('is decided once for each request, new or compiled before', async () => {
    const numbers = [0.9, 0.1, 0.9, 0.1, 0.9, 0.1];
    const gateway = await start('percent(50)', { overrides: { random: () => numbers.shift() ?? 0.9 } });
    await askTimes(gateway, 6);
    expect(asked).toEqual({ old: 3, new: 3 });
    expect(numbers).toEqual([]);
  });

  it('is decided by the configuration file, over the share in the label', async () => {
    const files = {
      'gateway.yaml': 'overrides: { labels: { "percent(0)": 100%, other: 0.5%, third: true } }',
    };
    const gateway = await start('percent(0)', { files });
    await askTimes(gateway, 3);
    expect(asked).toEqual({ old: 0, new: 3 });
  });

  it('is decided by a hook for who asks, which may leave it to the others', async () => {
    const hook = (label: string, { propagated }: GatewayContext) =>
      label === 'lamps' && propagated['x-group'] === 'testers' ? true : undefined;
    const files = { 'gateway.yaml': 'overrides: { labels: { lamps: false } }' };
    const gateway = await start('lamps', { overrides: { hook }, files }, { PROPAGATE_HEADERS: 'x-group' });
    await askTimes(gateway, 3, { ...PRICE, headers: { 'x-group': 'testers' } });
    await askTimes(gateway, 4, { ...PRICE, headers: { 'x-group': 'others' } });
    expect(asked).toEqual({ old: 4, new: 3 });
  });

  it('is decided for parts that come later, and through fragments', async () => {
    const gateway = await start('percent(100)');
    const query = 'query Lamp { lamp { ...L ... @defer { price } } } fragment L on Lamp { id }';
    const response = await fetch(gateway.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed, application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await response.text()).toContain('"price":5');
    expect(asked).toEqual({ old: 0, new: 1 });
  });

  it('costs nothing where it is not asked for', async () => {
    let decided = 0;
    const random = () => {
      decided++;
      return 0.5;
    };
    const gateway = await start('percent(50)', { overrides: { random } });
    for (let i = 0; i < 3; i++) {
      expect(await ask(gateway, { query: '{ hello }' })).toEqual({ data: { hello: 'hello' } });
    }
    expect(decided).toBe(0);
  });
});

describe('the labels of a supergraph', () => {
  const label = (name: string) => `@join__field(graph: A, overrideLabel: "${name}")`;
  const supergraph = parse(`
    type Query { lamp: Lamp ${label('root')}  thing: Thing }
    interface Thing { id: ID  name: String ${label('interface')} }
    type Lamp implements Thing @join__type(graph: A, key: "id maker { code }") {
      id: ID  name: String ${label('name')}  price: Int ${label('price')}  maker: Maker
      tax: Int @join__field(graph: B, requires: "price")
    }
    type Maker { code: ID ${label('code')} }`);
  const labels = readOverrideLabels(supergraph);
  const schema = buildASTSchema(supergraph, { assumeValid: true });
  const inOperation = (query: string) => labelsInOperation(parse(query), schema, labels);

  it('belong to every operation where others need the field', () => {
    expect(inOperation('{ __typename }')).toEqual(['code', 'price']);
  });

  it.each([
    ['{ lamp { id } }', ['root']],
    ['{ thing { name } }', ['interface', 'name']],
    ['{ thing { ... on Lamp { a: name } } }', ['interface', 'name']],
    ['fragment F on Lamp { name } { thing { ...F } }', ['interface', 'name']],
  ])('belong to operations that ask for the field: %s', (query, expected) => {
    expect(inOperation(query)).toEqual([...expected, 'code', 'price'].sort());
  });
});

describe('a label that nothing decides about', () => {
  it('is refused at the start, with what to set', async () => {
    await expect(start('lamps')).rejects.toThrow(
      'SUPERGRAPH: it cannot be run: @override of Lamp.price has the label "lamps", and nothing decides when it is in ' +
        'effect. Set `overrides: { labels: { … } }` in the file of GATEWAY_CONFIG, or use a label such as "percent(5)".',
    );
  });

  it('is refused by the executor that would never put it into effect', async () => {
    await expect(start('percent(5)', {}, { EXECUTOR: 'apollo' })).rejects.toThrow(
      /EXECUTOR=apollo never puts/,
    );
  });

  it.each([
    ['120%', 'must be true, false, or a share'],
    ['5', 'must be true, false, or a share'],
    ['-1%', 'must be true, false, or a share'],
    ['"0.123456789%"', 'must be true, false, or a share'],
  ])('cannot be decided by %s', async (share, message) => {
    const files = { 'gateway.yaml': `overrides: { labels: { lamps: ${share} } }` };
    await expect(start('lamps', { files })).rejects.toThrow(message);
  });
});
