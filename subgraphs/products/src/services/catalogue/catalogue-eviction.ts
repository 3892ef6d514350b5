import type { Product } from '@tributary/prisma/products/client';
import { type Eviction, toGlobalId } from '@tributary/subgraph-kit';
import type { Transaction } from './product-lock.ts';

/** The tags of lists, as the schema's `@cacheTag`s have them. */
export const PRODUCTS_TAG = 'products';
export const CATEGORIES_TAG = 'categories';

/** Of lists and counts that depend on what is in stock, and on no variant that is in the answer. */
export const STOCK_TAG = 'stock';

/** What of a product decides where it is shown. */
type Shown = Pick<Product, 'id' | 'slug' | 'status' | 'categoryId'>;

/** A product before and after a change, which may be one of its variants. */
export interface ProductChange {
  /** Null when it was made. */
  before: Shown | null;
  after: Shown;
}

/**
 * What shows products that were changed.
 *
 * @param tx - of the change
 * @param variantIds - uuids of variants that were changed
 */
export async function evictionOfProducts(
  tx: Transaction,
  changes: readonly ProductChange[],
  variantIds: readonly string[] = [],
): Promise<Eviction> {
  if (changes.length === 0) return {};
  const known = changes.filter(({ before }) => before !== null);
  // Who may see a variant depends on the status of its product.
  const shifted = known.filter(({ before, after }) => before?.status !== after.status);
  const ofShifted = await variantsOf(tx, shifted);
  return {
    entities: {
      Product: known.map(({ after }) => after.id),
      ProductVariant: [...variantIds, ...ofShifted],
      Category: changes.flatMap(({ before, after }) => [before?.categoryId ?? null, after.categoryId]),
    },
    tags: [PRODUCTS_TAG, ...changes.flatMap(lookUps)],
  };
}

async function variantsOf(tx: Transaction, changes: readonly ProductChange[]): Promise<string[]> {
  if (changes.length === 0) return [];
  const productIds = changes.map(({ after }) => after.id);
  const where = { productId: { in: productIds } };
  return (await tx.productVariant.findMany({ where, select: { id: true } })).map(({ id }) => id);
}

/** The tags of looking a product up, where that may find it, or find none, for the first time. */
function lookUps({ before, after }: ProductChange): string[] {
  if (before?.status === after.status && before.slug === after.slug) return [];
  const slugs = new Set([before?.slug ?? after.slug, after.slug]);
  return [`product-${toGlobalId('Product', after.id)}`, ...[...slugs].map((slug) => `product-slug-${slug}`)];
}
