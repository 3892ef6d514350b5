import { createFirstValues } from './first-values.ts';
import type { ImportRow } from './import-row.ts';

/** What a product's rows say of it. */
const PRODUCT_FIELDS = {
  product_title: ({ productTitle }: ImportRow) => productTitle,
  description: ({ description }: ImportRow) => description,
  category_slug: ({ categorySlug }: ImportRow) => categorySlug,
  status: ({ status }: ImportRow) => status,
  currency: ({ currency }: ImportRow) => currency,
};

/** Sees to it that a file does not contradict itself: its rows would undo each other at every import. */
export interface Agreement {
  /**
   * Compares a row with those before it; what one says that does not agree is not held against those after it. Asked
   * again about a row, it answers the same.
   *
   * @returns what is wrong with it; or null
   */
  contradiction(row: ImportRow): string | null;
  /** Whether a row that agrees is the first to say something of its product. */
  decides(row: ImportRow): boolean;
}

export function createAgreement(): Agreement {
  const first = createFirstValues();
  const statements = (row: ImportRow) =>
    Object.entries(PRODUCT_FIELDS).flatMap(([column, read]) => {
      const value = read(row);
      return value === null ? [] : [{ column, key: `${column} ${row.productSlug}`, value }];
    });
  const claims = (row: ImportRow) =>
    statements(row).map(({ key, value }) => first.claim(key, row.line, value));
  return {
    contradiction(row) {
      const { line } = first.claim(`sku ${row.sku}`, row.line);
      if (line !== row.line) return `sku: It is in line ${line} already.`;
      for (const { column, key, value } of statements(row)) {
        const other = first.find(key, value);
        if (other && !other.agrees) return `${column}: Line ${other.line} says otherwise of this product.`;
      }
      claims(row);
      return null;
    },
    decides: (row) => claims(row).some(({ line }) => line === row.line),
  };
}
