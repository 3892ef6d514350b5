import type { CurrencyCode } from '@tributary/prisma/products/client';
import { MAX_VARIANTS } from '../catalogue/catalogue-input.ts';
import type { Transaction } from '../catalogue/product-lock.ts';
import type { Agreement } from './agreement.ts';
import { insertProducts } from './batch-changes.ts';
import {
  categoriesOf,
  currenciesOf,
  lockProducts,
  lockStock,
  ownersOf,
  type ProductState,
  type StockState,
  type VariantState,
  variantsOf,
} from './batch-state.ts';
import type { BadRow, ImportRow } from './import-row.ts';
import { newProducts, type PlacedRow } from './product-values.ts';

/** A row that can be written, with what it is about. */
export interface GoodRow extends PlacedRow {
  /** Locked. */
  product: ProductState;
  /** Null when it is to be made. */
  variant: VariantState | null;
  /** The variant's stock, locked; null where the row does not change it. */
  counted: StockState | null;
}

/** What can be written of a batch, and what cannot. */
export interface SiftedBatch {
  good: GoodRow[];
  bad: BadRow[];
  /** Ids of the products that were made for it. */
  made: ReadonlySet<string>;
}

/**
 * Compares rows with the catalogue, and locks what they are about in the order that all imports have: products by slug,
 * stock by variant. Makes the products that are not there yet.
 *
 * @throws Overtaken when somebody else came between
 */
export async function siftBatch(
  tx: Transaction,
  rows: readonly ImportRow[],
  agreement: Agreement,
): Promise<SiftedBatch> {
  const bad: BadRow[] = [];
  /** What the rows become, without those that have a reason not to. */
  const sift = <From extends { row: ImportRow }, To>(
    from: readonly From[],
    judge: (found: From) => To | string,
  ): To[] =>
    from.flatMap((found) => {
      const judged = judge(found);
      if (typeof judged !== 'string') return [judged];
      bad.push({ line: found.row.line, reason: judged });
      return [];
    });

  const owners = await ownersOf(tx, rows);
  const currencies = await currenciesOf(tx, rows);
  const categories = await categoriesOf(tx, rows);
  const placed = sift(
    rows.map((row) => ({ row })),
    ({ row }): PlacedRow | string => {
      const owner = owners.get(row.sku);
      if (owner !== undefined && owner !== row.productSlug) return `sku: The product ${owner} has it.`;
      const categoryId = row.categorySlug === null ? null : categories.get(row.categorySlug);
      if (categoryId === undefined) return `category_slug: There is no category ${row.categorySlug}.`;
      return (
        otherCurrency(row, currencies.get(row.productSlug)) ??
        agreement.contradiction(row) ?? { row, categoryId }
      );
    },
  );

  const made = await insertProducts(tx, newProducts(placed));
  const products = await lockProducts(tx, placed);
  const variants = await variantsOf(tx, placed, products);
  const counts = new Map<string, number>();
  const fitting = sift(placed, ({ row, categoryId }): GoodRow | string => {
    const product = products.get(row.productSlug);
    if (!product) throw new Error('a product is not among those that were locked');
    const problem = otherCurrency(row, product.currency);
    if (problem !== null) return problem;
    const variant = variants.get(row.sku) ?? null;
    const count = (counts.get(product.id) ?? product.variantCount) + (variant ? 0 : 1);
    if (count > MAX_VARIANTS) return `product_slug: The product has ${MAX_VARIANTS} variants already.`;
    counts.set(product.id, count);
    return { row, categoryId, product, variant, counted: null };
  });

  const stock = await lockStock(tx, fitting.flatMap(recounted));
  const good = sift(fitting, (found): GoodRow | string => {
    const counted = stock.get(found.variant?.id ?? '') ?? null;
    return counted && found.row.onHand !== null && found.row.onHand < counted.reserved
      ? `on_hand: ${counted.reserved} pieces are promised to orders.`
      : { ...found, counted };
  });
  return { good, bad, made };
}

/** @param currency - that the product is priced in; undefined where there is none yet */
const otherCurrency = (row: ImportRow, currency: CurrencyCode | undefined): string | null =>
  currency === undefined || currency === row.currency
    ? null
    : `currency: The product is priced in ${currency}.`;

/** The variant whose stock a row changes, as it seems before the lock. */
const recounted = ({ row: { onHand }, variant }: GoodRow): string[] =>
  variant && onHand !== null && variant.onHand !== onHand ? [variant.id] : [];
