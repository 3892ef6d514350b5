import { type Eviction, groupBy } from '@tributary/subgraph-kit';
import { evictionOfProducts } from '../catalogue/catalogue-eviction.ts';
import type { Transaction } from '../catalogue/product-lock.ts';
import type { Agreement } from './agreement.ts';
import { insertVariants, updateProducts, updateStock, updateVariants } from './batch-changes.ts';
import type { ProductState } from './batch-state.ts';
import type { BadRow, ImportRow } from './import-row.ts';
import { differs, mergeProduct } from './product-values.ts';
import { type GoodRow, siftBatch } from './sift-batch.ts';

/** What became of a batch of rows. */
export interface BatchOutcome {
  /** Rows whose variant was made. */
  created: number;
  /** Rows that changed their variant, its stock or its product. */
  updated: number;
  unchanged: number;
  bad: BadRow[];
  /** What shows what was written; the stock is told of by the database. */
  eviction: Eviction;
}

/**
 * Writes rows into the catalogue; a constant number of statements, fewer where nothing changes.
 *
 * @param tx - of this batch alone, at the isolation level READ COMMITTED
 * @param agreement - what the file has said so far
 * @param runId - that the accounts of the stock name; null for a trial, which is rolled back
 * @throws Overtaken when somebody else came between: to be tried again in a new transaction
 */
export async function writeBatch(
  tx: Transaction,
  rows: readonly ImportRow[],
  agreement: Agreement,
  runId: string | null,
): Promise<BatchOutcome> {
  const { good, bad, made } = await siftBatch(tx, rows, agreement);
  const fresh = good.filter(({ variant }) => variant === null);
  const changed = good.filter(isOtherVariant);
  const recounted = good.flatMap(({ row: { onHand }, variant, counted }) =>
    variant && counted && onHand !== null && (variant.onHand === null || counted.onHand !== onHand)
      ? [{ variantId: variant.id, onHand }]
      : [],
  );
  const products = [...groupBy(good, ({ product }) => product.id).values()].flatMap((ofProduct) => {
    const [first] = ofProduct;
    return first ? [{ product: first.product, wanted: mergeProduct(first.product, ofProduct) }] : [];
  });
  const stale = new Set([...made, ...[...fresh, ...changed].map(({ product }) => product.id)]);

  await insertVariants(tx, atTheEnd(fresh));
  await updateVariants(
    tx,
    changed.flatMap(({ row, variant }) =>
      variant ? [{ id: variant.id, title: row.variantTitle, priceMinor: row.priceMinor }] : [],
    ),
  );
  const written = products.filter(({ product, wanted }) => stale.has(product.id) || differs(product, wanted));
  await updateProducts(
    tx,
    written.map(({ wanted }) => wanted),
  );
  await updateStock(tx, recounted, runId);

  const touched = new Set([...changed.map(({ variant }) => variant?.id), ...recounted.map(idOf)]);
  const updated = good.filter(
    (row) => row.variant && (touched.has(row.variant.id) || changesProduct(row, agreement)),
  ).length;
  return {
    created: fresh.length,
    updated,
    unchanged: good.length - fresh.length - updated,
    bad,
    eviction: await evictionOfProducts(
      tx,
      written.map(({ product, wanted }) => ({
        before: made.has(product.id) ? null : product,
        after: wanted,
      })),
      changed.flatMap(({ variant }) => variant?.id ?? []),
    ),
  };
}

const idOf = ({ variantId }: { variantId: string }): string => variantId;

const isOtherVariant = ({ row, variant }: GoodRow): boolean =>
  variant !== null && (variant.title !== row.variantTitle || variant.priceMinor !== BigInt(row.priceMinor));

/** Each change of a product counts for the row that asks for it first, in a trial too. */
const changesProduct = (good: GoodRow, agreement: Agreement): boolean =>
  differs(good.product, mergeProduct(good.product, [good])) && agreement.decides(good.row);

/** New variants, each after the others of its product, in the order of the file. */
function atTheEnd(rows: readonly GoodRow[]) {
  const next = new Map<ProductState, number>();
  return rows.map(({ row, product }) => {
    const position = next.get(product) ?? product.nextPosition;
    next.set(product, position + 1);
    return {
      productId: product.id,
      sku: row.sku,
      title: row.variantTitle,
      priceMinor: row.priceMinor,
      position,
      onHand: row.onHand ?? 0,
    };
  });
}
