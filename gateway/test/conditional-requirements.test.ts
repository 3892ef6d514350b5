import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, startFederation } from './support/federation.ts';
import type { TestGateway } from './support/gateway.ts';
import { askInParts, mergeParts } from './support/parts.ts';

type Reference = Record<string, unknown>;

const BOX = { id: 'b1', size: 7, lid: { colour: 'red' }, owner: { id: 'o1', name: 'Ann' }, parts: ['lid'] };

/** What the shipping subgraph was sent, without the type's name. */
let sent: Reference[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startFederation({
    boxes: [
      `type Query { box: Box }
      type Box @key(fields: "id") {
        id: ID! size: Int lid: Lid weight(unit: String = "kg"): Int owner: Owner parts: [String]
      }
      type Owner { id: ID! name: String }
      type Lid { colour: String }`,
      {
        Query: { box: () => BOX },
        Box: {
          __resolveReference: () => BOX,
          weight: (_box, { unit }: { unit: string }) => (unit === 'g' ? 2_000 : 2),
        },
      },
    ],
    shipping: [
      `type Box @key(fields: "id") {
        id: ID!
        size: Int @external
        lid: Lid @external
        weight(unit: String = "kg"): Int @external
        owner: Owner @external
        parts: [String] @external
        zone: String
        label: String @requires(fields: "size")
        note: String @requires(fields: "lid { colour } size")
        price: String @requires(fields: "weight(unit: \\"g\\")")
        postage: String @requires(fields: "weight")
        sender: String @requires(fields: "owner { id name }")
        receipt: String @requires(fields: "owner { name } parts")
      }
      type Lid { colour: String @external }
      type Owner { id: ID! @external name: String @external }`,
      {
        Box: {
          __resolveReference: ({ __typename: _, ...reference }: Reference) => {
            sent.push(reference);
            return reference;
          },
          zone: () => 'north',
          label: ({ size }: Reference) => `size ${String(size)}`,
          note: ({ lid, size }: typeof BOX) => `${lid.colour} ${size}`,
          price: ({ weight }: Reference) => `${String(weight)} g`,
          postage: ({ weight }: Reference) => `${String(weight)} kg`,
          sender: ({ owner }: typeof BOX) => `${owner.id} ${owner.name}`,
          receipt: ({ owner, parts }: typeof BOX) => `${owner.name} ${parts.join()}`,
        },
      },
    ],
  });
});
afterAll(() => gateway.close());
beforeEach(() => {
  sent = [];
});

const [ZONE, LABEL, NOTE] = [{ zone: 'north' }, { label: 'size 7' }, { note: 'red 7' }];

describe('@requires of a field that is left out', () => {
  it.each<[string, string, Reference, Reference]>([
    ['a field that requires nothing', '{ box { zone note @skip(if: true) } }', ZONE, { id: 'b1' }],
    [
      'one that requires something else',
      '{ box { label note @skip(if: true) } }',
      LABEL,
      { id: 'b1', size: 7 },
    ],
    [
      'one that requires what it would have required',
      '{ box { note label @include(if: false) } }',
      NOTE,
      { id: 'b1', size: 7, lid: { colour: 'red' } },
    ],
    [
      'one that stands in another fragment',
      '{ box { zone ...Note @skip(if: true) ... @skip(if: true) { sender } } } fragment Note on Box { note }',
      ZONE,
      { id: 'b1' },
    ],
    [
      'one that requires a part of the same object',
      '{ box { receipt sender @skip(if: true) } }',
      { receipt: 'Ann lid' },
      { id: 'b1', owner: { name: 'Ann' }, parts: ['lid'] },
    ],
    [
      'one that requires the same field with other arguments',
      '{ box { zone price postage @skip(if: true) } }',
      { ...ZONE, price: '2000 g' },
      { id: 'b1', weight: 2_000 },
    ],
    [
      'a use of its own that is not left out',
      '{ box { zone note @skip(if: true) ...Note } } fragment Note on Box { note @include(if: true) }',
      { ...ZONE, ...NOTE },
      { id: 'b1', size: 7, lid: { colour: 'red' } },
    ],
    [
      'the same field, selected by the client',
      '{ box { zone lid { colour } note @skip(if: true) } }',
      { ...ZONE, lid: { colour: 'red' } },
      { id: 'b1' },
    ],
  ])('does not keep %s from being fetched', async (_, query, box, reference) => {
    expect(await ask(gateway, { query })).toEqual({ data: { box } });
    expect(sent).toEqual([reference]);
  });

  it('follows the variables', async () => {
    const query = `query Box($label: Boolean! = false, $note: Boolean!, $zone: Boolean!) {
      box { label @include(if: $label) note @include(if: $note) zone @include(if: $zone) }
    }`;
    for (const label of [true, false]) {
      for (const note of [true, false]) {
        for (const zone of [true, false]) {
          const box = { ...(label && LABEL), ...(note && NOTE), ...(zone && ZONE) };
          const variables = { ...(label && { label }), note, zone };
          expect(await ask(gateway, { query, variables })).toEqual({ data: { box } });
        }
      }
    }
    // Nothing is asked for when nothing is included.
    expect(sent).toHaveLength(7);
  });

  it('is not fetched when a literal leaves it out of what a variable leaves in', async () => {
    const query = `query Box($price: Boolean!) {
      box { ... @include(if: $price) { price ... on Box @include(if: false) { note } } }
    }`;
    expect(await ask(gateway, { query, variables: { price: true } })).toEqual({
      data: { box: { price: '2000 g' } },
    });
    expect(sent).toEqual([{ id: 'b1', weight: 2_000 }]);
    expect(await ask(gateway, { query, variables: { price: false } })).toEqual({ data: { box: {} } });
  });

  it('leaves objects of which everything is left out', async () => {
    const query = `{ box { ...None lid { colour @skip(if: true) } ... @include(if: true) { ...None } } }
      fragment None on Box { id @include(if: false) ... @skip(if: true) { zone } }`;
    expect(await ask(gateway, { query })).toEqual({ data: { box: { lid: {} } } });
    expect(await ask(gateway, { query: '{ box @skip(if: true) { id } }' })).toEqual({ data: {} });
  });

  it('does not keep others from being fetched in a part that is deferred', async () => {
    const query = `query Box($note: Boolean!) {
      box { id ... @defer { label note @include(if: $note) sender @skip(if: true) } }
    }`;
    for (const note of [true, false]) {
      const answer = await askInParts(gateway.endpoint, { body: { query, variables: { note } } });
      expect(mergeParts(await answer.rest())).toEqual({
        box: { id: 'b1', ...LABEL, ...(note && NOTE) },
      });
    }
    expect(sent).toEqual([
      { id: 'b1', size: 7, lid: { colour: 'red' } },
      { id: 'b1', size: 7 },
    ]);
  });
});
