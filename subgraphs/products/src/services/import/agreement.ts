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
   * Compares a row with those before it. Asked again about a row, it answers the same.
   *
   * @returns what is wrong with it; or null
   */
  contradiction(row: ImportRow): string | null;
  /** Whether a row that agrees is the first to say something of its product. */
  decides(row: ImportRow): boolean;
}

export function createAgreement(): Agreement {
  const first = createFirstValues();
  const claims = (row: ImportRow) =>
    Object.entries(PRODUCT_FIELDS).flatMap(([column, read]) => {
      const value = read(row);
      if (value === null) return [];
      return [{ column, ...first.claim(`${column} ${row.productSlug}`, row.line, value) }];
    });
  return {
    contradiction(row) {
      const { line } = first.claim(`sku ${row.sku}`, row.line);
      if (line !== row.line) return `sku: It is in line ${line} already.`;
      const other = claims(row).find(({ agrees }) => !agrees);
      return other ? `${other.column}: Line ${other.line} says otherwise of this product.` : null;
    },
    decides: (row) => claims(row).some(({ line }) => line === row.line),
  };
}
