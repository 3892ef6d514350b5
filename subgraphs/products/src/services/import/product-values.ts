import { groupBy } from '@tributary/subgraph-kit';
import type { ProductValues } from './batch-changes.ts';
import type { ImportRow } from './import-row.ts';

/** A row with the id of the category that it names; null when it names none. */
export interface PlacedRow {
  row: ImportRow;
  categoryId: string | null;
}

/** Products as their rows want them made, each once. */
export function newProducts(rows: readonly PlacedRow[]): ProductValues[] {
  return [...groupBy(rows, ({ row }) => row.productSlug)].flatMap(([slug, group]) => {
    const { currency } = group[0]?.row ?? {};
    if (!currency) return [];
    const nothing = {
      slug,
      currency,
      title: '',
      description: null,
      status: 'DRAFT',
      categoryId: null,
    } as const;
    return [mergeProduct(nothing, group)];
  });
}

/** A product as its rows, which agree, want it; what none of them says stays. */
export const mergeProduct = <Product extends ProductValues>(
  product: Product,
  rows: readonly PlacedRow[],
): Product => ({
  ...product,
  title: said(rows, ({ row }) => row.productTitle) ?? product.title,
  description: said(rows, ({ row }) => row.description) ?? product.description,
  status: said(rows, ({ row }) => row.status) ?? product.status,
  categoryId: said(rows, ({ categoryId }) => categoryId) ?? product.categoryId,
});

/** Whether a product would change. */
export const differs = (product: ProductValues, wanted: ProductValues): boolean =>
  product.title !== wanted.title ||
  product.description !== wanted.description ||
  product.status !== wanted.status ||
  product.categoryId !== wanted.categoryId;

function said<Value>(rows: readonly PlacedRow[], read: (row: PlacedRow) => Value | null): Value | null {
  for (const row of rows) {
    const value = read(row);
    if (value !== null) return value;
  }
  return null;
}
