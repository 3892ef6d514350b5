import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, startFederation } from './support/federation.ts';
import type { TestGateway } from './support/gateway.ts';
import { askInParts, mergeParts } from './support/parts.ts';

const YIELDS: Readonly<Record<string, number>> = { plum: 3, leek: 5, pea: 7 };

type Given = { id: string; yield: number; soil: { depth: number } };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startFederation({
    beds: [
      `type Query { bed: Bed beds: [Bed] }
      type Bed @key(fields: "id") { id: ID! yield(crop: String!): Int soil: Soil }
      type Soil { depth(unit: String = "cm"): Int }`,
      {
        Query: { bed: () => ({ id: 'b1' }), beds: () => [{ id: 'b1' }, { id: 'b2' }] },
        Bed: {
          soil: () => ({}),
          yield: (_bed, { crop }: { crop: string }) => {
            if (!(crop in YIELDS)) throw new Error(`nobody grows ${crop}`);
            return YIELDS[crop];
          },
        },
        Soil: { depth: (_soil, { unit }: { unit: string }) => (unit === 'mm' ? 400 : 40) },
      },
    ],
    kitchen: [
      `type Bed @key(fields: "id") {
        id: ID!
        yield(crop: String!): Int @external
        soil: Soil @external
        jam: Int @requires(fields: "yield(crop: \\"plum\\")")
        pie: Int @requires(fields: "yield(crop: \\"plum\\")")
        soup: Int @requires(fields: "yield(crop: \\"leek\\")")
        salad: Int @requires(fields: "yield(crop: \\"weed\\")")
        roots: Int @requires(fields: "soil { depth(unit: \\"mm\\") }")
        stakes: Int @requires(fields: "soil { depth }")
        note(text: String): String
      }
      type Soil { depth(unit: String = "cm"): Int @external }`,
      {
        Bed: {
          jam: (bed: Given) => bed.yield * 10,
          pie: (bed: Given) => bed.yield * 100,
          soup: (bed: Given) => bed.yield * 10,
          roots: ({ soil }: Given) => soil.depth,
          stakes: ({ soil }: Given) => soil.depth,
          note: ({ id }: Given, { text }: { text: string }) => `${id}: ${text}`,
        },
      },
    ],
    table: [
      `type Bed @key(fields: "id") {
        id: ID!
        jam: Int @external
        soup: Int @external
        menu: String @requires(fields: "jam soup")
      }`,
      { Bed: { menu: ({ jam, soup }: { jam: number; soup: number }) => `${jam} jars, ${soup} bowls` } },
    ],
  });
});
afterAll(() => gateway.close());

describe('@requires with arguments', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['in two fields, unlike each other', '{ bed { jam soup } }', { jam: 30, soup: 50 }],
    ['in two fields, alike', '{ bed { jam pie } }', { jam: 30, pie: 300 }],
    ['further down', '{ bed { roots stakes } }', { roots: 400, stakes: 40 }],
    [
      'further down and here',
      '{ bed { soup roots jam stakes } }',
      { soup: 50, roots: 400, jam: 30, stakes: 40 },
    ],
    [
      'beside the client’s',
      '{ bed { yield(crop: "pea") jam soil { depth } roots } }',
      { yield: 7, jam: 30, soil: { depth: 40 }, roots: 400 },
    ],
    [
      'beside the client’s, under an alias',
      '{ bed { yield: id yield_required_1: yield(crop: "pea") soup jam: pie } }',
      { yield: 'b1', yield_required_1: 7, soup: 50, jam: 300 },
    ],
    [
      'in fragments',
      '{ bed { ...Kitchen } } fragment Kitchen on Bed { jam ... on Bed @include(if: true) { soup } }',
      { jam: 30, soup: 50 },
    ],
  ])('is right %s', async (_, query, bed) => {
    for (let times = 0; times < 2; times++) {
      expect(await ask(gateway, { query })).toEqual({ data: { bed } });
    }
  });

  it('is right where a fetch that is made two has variables and fragments', async () => {
    const query = `query Kitchen($text: String, $soup: Boolean!) { beds { ...Bed } bed { ...Bed } }
      fragment Bed on Bed { id ...Cooked note(text: $text) }
      fragment Cooked on Bed { jam soup @include(if: $soup) }`;
    const cooked = { jam: 30, soup: 50 };
    const bed = { id: 'b1', ...cooked, note: 'b1: hi' };
    expect(await ask(gateway, { query, variables: { text: 'hi', soup: true } })).toEqual({
      data: { beds: [bed, { id: 'b2', ...cooked, note: 'b2: hi' }], bed },
    });
    const { soup: _soup, ...uncooked } = bed;
    expect(await gateway.query({ query, variables: { text: 'hi', soup: false } })).toMatchObject({
      data: { bed: uncooked },
    });
  });

  it('is right in a part that is deferred', async () => {
    const query = '{ bed { jam soup ... @defer { menu roots stakes yield: id } } }';
    const payloads = await (await askInParts(gateway.endpoint, { body: { query } })).rest();
    expect(payloads).toHaveLength(2);
    const menu = '30 jars, 50 bowls';
    expect(mergeParts(payloads)).toEqual({
      bed: { jam: 30, soup: 50, menu, roots: 400, stakes: 40, yield: 'b1' },
    });
  });

  it('has errors under the name of the field', async () => {
    const { data, errors } = await gateway.query({ query: '{ bed { salad soup } }' });
    expect(data).toEqual({ bed: { salad: null, soup: 50 } });
    expect(errors?.map(({ path }) => path)).toContainEqual(['bed', 'yield']);
  });
});
