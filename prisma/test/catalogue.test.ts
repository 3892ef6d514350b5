import { describe, expect, it } from '@jest/globals';
import { makeCatalogue } from '../products/seed/catalogue.ts';
import { CATEGORIES } from '../products/seed/category-tree.ts';
import { ALL_COLOURS, mostOptions, optionsOf } from '../products/seed/options.ts';
import { productId, variantId } from '../seed/ids.ts';
import { TODAY } from '../seed/time.ts';

describe('the catalogue', () => {
  const catalogue = makeCatalogue(1_000);
  const stocked = catalogue.flatMap((item) => item.variants);

  it.each([1, 7, 20, 1_000])('has exactly four variants for each of %i products on average', (count) => {
    expect(makeCatalogue(count).flatMap((item) => item.variants)).toHaveLength(4 * count);
  });

  it('numbers products and variants as the id functions say', () => {
    expect(catalogue.map(({ product }) => product.id)).toEqual(catalogue.map((_, n) => productId(n)));
    expect(stocked.map(({ variant }) => variant.id)).toEqual(stocked.map((_, n) => variantId(n)));
  });

  it('repeats no slug, no title and no stock-keeping unit', () => {
    for (const values of [
      catalogue.map(({ product }) => product.slug),
      catalogue.map(({ product }) => product.title),
      stocked.map(({ variant }) => variant.sku),
      CATEGORIES.map((category) => category.slug),
    ]) {
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it('keeps the slugs apart when the titles run out', () => {
    const slugs = makeCatalogue(20_000).map(({ product }) => product.slug);
    expect(new Set(slugs).size).toBe(slugs.length);
  });

  it('keeps the price range of a product with its variants', () => {
    for (const { product, variants } of catalogue) {
      const prices = variants.map(({ variant }) => variant.priceMinor);
      expect([product.minPriceMinor, product.maxPriceMinor]).toEqual([
        Math.min(...prices),
        Math.max(...prices),
      ]);
      expect(product.minPriceMinor).toBeGreaterThan(0);
      expect(prices.every(Number.isSafeInteger)).toBe(true);
    }
  });

  it('has products in every state and stock of every level, none of it oversold', () => {
    expect(new Set(catalogue.map(({ product }) => product.status))).toEqual(
      new Set(['ACTIVE', 'DRAFT', 'ARCHIVED']),
    );
    const available = catalogue
      .filter(({ product }) => product.status === 'ACTIVE')
      .flatMap(({ variants }) => variants.map(({ stock }) => stock.onHand - stock.reserved));
    expect(Math.min(...available)).toBe(0);
    expect(available.filter((units) => units === 0).length / available.length).toBeCloseTo(0.06, 1);
    expect(available.filter((units) => units >= 1 && units <= 5).length / available.length).toBeCloseTo(
      0.1,
      1,
    );
  });

  it('has every category below a department that comes before it', () => {
    const seen = new Set<string>();
    for (const category of CATEGORIES) {
      if (category.parentId) expect(seen).toContain(category.parentId);
      seen.add(category.id);
    }
    expect(CATEGORIES.filter((category) => !category.parentId)).toHaveLength(4);
  });

  it('has all products created one after the other, before today', () => {
    const times = catalogue.map(({ product }) => product.createdAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { product } of catalogue) {
      expect(product.updatedAt >= product.createdAt && product.updatedAt <= TODAY).toBe(true);
    }
  });
});

describe('the options of a product', () => {
  it.each(['clothing', 'child', 'shoe', 'colour', 'size', 'pack', 'rug', 'capacity'] as const)(
    'are as many as asked for, all different: %s',
    (kind) => {
      for (let count = 1; count <= mostOptions(kind); count++) {
        const codes = optionsOf(kind, count, ALL_COLOURS).map((option) => option.code);
        expect(new Set(codes).size).toBe(count);
      }
    },
  );

  it('show sizes from the smallest', () => {
    expect(optionsOf('clothing', 6, ALL_COLOURS).map((option) => option.title)).toEqual(
      ['XS', 'S', 'M', 'L', 'XL', 'XXL'].map((size) => `Black / ${size}`),
    );
  });
});
