import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, startFederation } from './support/federation.ts';
import type { TestGateway } from './support/gateway.ts';

const similarTo: Readonly<Record<string, string>> = { p1: 'p2', p2: 'p1' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startFederation({
    parcels: [
      `type Query { parcel: Parcel things: [Thing] }
      type Parcel @key(fields: "id") { id: ID! weight: Int! label: String broken: String similar: Parcel
        others(first: Int, where: Where): [Parcel] }
      input Where { label: String weight: Int }
      interface Thing @key(fields: "id") { id: ID! }
      type Box implements Thing @key(fields: "id") { id: ID! }
      type Bag implements Thing @key(fields: "id") { id: ID! }`,
      {
        Query: {
          parcel: () => ({ id: 'p1' }),
          things: () => [
            { __typename: 'Box', id: 't1' },
            { __typename: 'Bag', id: 't2' },
          ],
        },
        Parcel: {
          weight: () => 7,
          label: ({ id }: { id: string }) => `label ${id}`,
          broken: () => {
            throw new Error('it broke');
          },
          similar: ({ id }: { id: string }) => ({ id: similarTo[id] }),
          others: (_parcel, { first }: { first: number }) => [{ id: `p${first}` }],
        },
      },
    ],
    carriers: [
      `type Parcel @key(fields: "id") { id: ID! carrier: String }
      type Thing @key(fields: "id") @interfaceObject { id: ID! count(from: Int!): Int }`,
      {
        Parcel: { carrier: ({ id }: { id: string }) => `carrier of ${id}` },
        Thing: { count: (_thing, { from }: { from: number }) => from + 1 },
      },
    ],
  });
});
afterAll(() => gateway.close());

describe('an alias', () => {
  it.each<[string, string, unknown]>([
    ['of a value over a key', '{ parcel { id: weight carrier } }', { id: 7, carrier: 'carrier of p1' }],
    [
      'of an object over a key',
      '{ parcel { id: similar { id carrier } carrier } }',
      { id: { id: 'p2', carrier: 'carrier of p2' }, carrier: 'carrier of p1' },
    ],
    [
      'of a key over another field',
      '{ parcel { carrier: id other: carrier } }',
      { carrier: 'p1', other: 'carrier of p1' },
    ],
    [
      'over the name of the type',
      '{ parcel { __typename: label carrier kind: __typename } }',
      { __typename: 'label p1', carrier: 'carrier of p1', kind: 'Parcel' },
    ],
    [
      'in fragments that are merged',
      `{ parcel { ...One ...Two } }
      fragment One on Parcel { id: similar { id: carrier } carrier }
      fragment Two on Parcel { id: similar { weight: id } weight: carrier }`,
      { id: { id: 'carrier of p2', weight: 'p2' }, carrier: 'carrier of p1', weight: 'carrier of p1' },
    ],
  ])('may stand %s', async (_, query, parcel) => {
    for (let times = 0; times < 2; times++) {
      expect(await ask(gateway, { query })).toEqual({ data: { parcel } });
    }
  });

  it('is what errors are about', async () => {
    const { data, errors } = await gateway.query({ query: '{ parcel { id: broken carrier } }' });
    expect(data).toEqual({ parcel: { id: null, carrier: 'carrier of p1' } });
    expect(errors?.map(({ path }) => path)).toEqual([['parcel', 'id']]);
  });
});

describe('one name', () => {
  it('may have other arguments in each type of an interface', async () => {
    const query = '{ things { ... on Box { count(from: 1) } ... on Bag { count(from: 5) } } }';
    expect(await ask(gateway, { query })).toEqual({ data: { things: [{ count: 2 }, { count: 6 }] } });
  });

  it('is merged whatever the order of its arguments', async () => {
    const query = `{ parcel {
      id: others(first: 1, where: { label: "a", weight: 1 }) { id }
      ... on Parcel { id: others(where: { weight: 1, label: "a" }, first: 1) { carrier } }
    } }`;
    expect(await ask(gateway, { query })).toEqual({
      data: { parcel: { id: [{ id: 'p1', carrier: 'carrier of p1' }] } },
    });
  });
});
