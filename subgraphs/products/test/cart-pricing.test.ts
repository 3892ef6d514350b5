import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { addProduct, type MadeProduct } from './support/rows.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

let running: RunningProducts;
let lamp: MadeProduct;
let archived: MadeProduct;
let draft: MadeProduct;
let euro: MadeProduct;

beforeAll(async () => {
  running = await runProducts();
  const { prisma } = running;
  lamp = await addProduct(prisma, { title: 'Lamp', variants: [{ price: 1_999 }, { price: 5 }] });
  archived = await addProduct(prisma, { title: 'Old', status: 'ARCHIVED' });
  draft = await addProduct(prisma, { title: 'New', status: 'DRAFT' });
  euro = await addProduct(prisma, { title: 'Lampe', currency: 'EUR' });
});
afterAll(() => running?.close());

type Line = { quantity: number; variant: { id: string } | null };
const line = (quantity: number, id: string | undefined): Line => ({ quantity, variant: { id: id ?? '' } });
const gone = toGlobalId('ProductVariant', randomUUID());

const price = (lines: Line[]) =>
  running.ask<{ _entities: (object | null)[] }>(
    `query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        ... on Cart { subtotal { minorUnits amount currency } }
        ... on CartLine { lineTotal { amount } }
      }
    }`,
    {
      representations: [
        { __typename: 'Cart', id: toGlobalId('Cart', randomUUID()), lines },
        ...lines.map((each) => ({ __typename: 'CartLine', id: randomUUID(), ...each })),
      ],
    },
    'CUSTOMER',
  );

describe('prices of a cart', () => {
  it('sums the lines', async () => {
    const { data, errors } = await price([line(3, lamp.variantIds[0]), line(2, lamp.variantIds[1])]);
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { subtotal: { minorUnits: 6_007, amount: '60.07', currency: 'USD' } },
      { lineTotal: { amount: '59.97' } },
      { lineTotal: { amount: '0.10' } },
    ]);
  });

  it('leaves out what is not on sale', async () => {
    const { data, errors } = await price([
      line(1, lamp.variantIds[0]),
      line(1, archived.variantIds[0]),
      line(1, draft.variantIds[0]),
      line(1, gone),
      { quantity: 1, variant: null },
    ]);
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { subtotal: { minorUnits: 1_999, amount: '19.99', currency: 'USD' } },
      { lineTotal: { amount: '19.99' } },
      ...Array.from({ length: 4 }, () => ({ lineTotal: null })),
    ]);
  });

  it.each([
    ['without lines', () => []],
    ['of which nothing is on sale', () => [line(1, archived.variantIds[0]), line(1, gone)]],
  ])('has no sum for a cart %s', async (_name, lines) => {
    const { data, errors } = await price(lines());
    expect(errors).toBeUndefined();
    expect(data._entities[0]).toEqual({ subtotal: null });
  });

  it('adds no euros to dollars', async () => {
    const { data, errors } = await price([line(1, lamp.variantIds[0]), line(1, euro.variantIds[0])]);
    expect(data._entities).toEqual([
      { subtotal: null },
      { lineTotal: { amount: '19.99' } },
      { lineTotal: { amount: '10.00' } },
    ]);
    expect(errors).toEqual([
      {
        message: 'The cart holds prices in several currencies.',
        locations: expect.any(Array),
        path: ['_entities', 0, 'subtotal'],
        extensions: { code: 'MIXED_CURRENCIES' },
      },
    ]);
  });
});
