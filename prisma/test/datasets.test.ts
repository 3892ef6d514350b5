import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  addressId,
  cartId,
  cartLineId,
  categoryId,
  DATABASES,
  makeDatasets,
  orderEventId,
  orderId,
  orderLineId,
  productId,
  userId,
  variantId,
  volumesOf,
} from '../seed/index.ts';
import { Random } from '../seed/random.ts';

/** One hash over every statement and every value, in the order in which they would be sent. */
function fingerprint(scale: number): string {
  const hash = createHash('sha256');
  const datasets = makeDatasets(scale);
  for (const database of DATABASES) {
    for (const batch of datasets[database].batches()) hash.update(JSON.stringify(batch.inserts));
  }
  return hash.digest('hex');
}

describe('the data sets', () => {
  it('are the same each time they are made', () => {
    expect(fingerprint(0.05)).toBe(fingerprint(0.05));
    expect(fingerprint(0.05)).not.toBe(fingerprint(0.06));
  });

  it('are the same when their rows are asked for twice', () => {
    const { orders } = makeDatasets(0.02);
    expect(JSON.stringify([...orders.batches()])).toBe(JSON.stringify([...orders.batches()]));
  });

  it('hold as many main things as they say', () => {
    const datasets = makeDatasets(0.3);
    for (const database of DATABASES) {
      const batches = [...datasets[database].batches()];
      expect(batches.reduce((sum, batch) => sum + batch.size, 0)).toBe(datasets[database].size);
    }
  });
});

describe('a scale', () => {
  it.each([
    [1, { products: 1_000, variants: 4_000, users: 2_000, orders: 10_000 }],
    [10, { products: 10_000, variants: 40_000, users: 20_000, orders: 100_000 }],
    [0.02, { products: 20, variants: 80, users: 40, orders: 200 }],
  ])('of %d is what the documentation says', (scale, volumes) => {
    expect(volumesOf(scale)).toEqual(volumes);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 101])('of %d is refused', (scale) => {
    expect(() => volumesOf(scale)).toThrow('--scale: must be a number above 0');
  });
});

describe('an id', () => {
  const kinds = { userId, categoryId, productId, variantId, orderId, cartId };
  const parts = { addressId, orderLineId, orderEventId, cartLineId };
  const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it('is a UUID version 7, different for each kind and number, sorted by the number', () => {
    const ids = [
      ...Object.values(kinds).map((idOf) => Array.from({ length: 500 }, (_, n) => idOf(n))),
      ...Object.values(parts).map((idOf) => Array.from({ length: 500 }, (_, n) => idOf(n >> 2, n & 3))),
    ];
    for (const ofOneKind of ids) {
      for (const id of ofOneKind) expect(id).toMatch(version7);
      expect(ofOneKind).toEqual([...ofOneKind].sort());
    }
    expect(new Set(ids.flat()).size).toBe(ids.flat().length);
  });

  it('never changes: bookmarks and tests hold it', () => {
    expect(userId(0)).toMatchInlineSnapshot(`"0191aae1-a400-7793-97e3-69f4c2b2c6e3"`);
    expect(orderId(41)).toMatchInlineSnapshot(`"0191aae1-a429-7b64-91da-d84522b8d363"`);
  });

  it('of a part has room for sixteen', () => {
    expect(() => orderLineId(3, 16)).toThrow(RangeError);
  });
});

describe('the random numbers', () => {
  it('are spread evenly and stay within their bounds', () => {
    const random = new Random('test');
    const counts = Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      const value = random.int(0, 9);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('have nothing to pick from an empty list', () => {
    expect(() => new Random('test').pick([])).toThrow(RangeError);
  });
});
