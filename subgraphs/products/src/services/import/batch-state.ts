import { sqltag as sql } from '@prisma/client/runtime/client';
import type { CurrencyCode, ProductStatus } from '@tributary/prisma/products/client';
import type { Transaction } from '../catalogue/product-lock.ts';
import type { ImportRow } from './import-row.ts';
import type { PlacedRow } from './product-values.ts';

/** The catalogue is no longer as it was a moment ago: the batch begins anew. */
export class Overtaken extends Error {
  override name = 'Overtaken';
}

/** A product that is locked. */
export interface ProductState {
  id: string;
  slug: string;
  title: string;
  description: string | null;
  status: ProductStatus;
  categoryId: string | null;
  currency: CurrencyCode;
  /** Of its variants. */
  variantCount: number;
  /** After its last variant. */
  nextPosition: number;
}

/** A variant that is there already. */
export interface VariantState {
  id: string;
  sku: string;
  productId: string;
  title: string;
  priceMinor: bigint;
  /** Null when it was never counted. */
  onHand: number | null;
}

/** Pieces of a variant. */
export interface StockState {
  variantId: string;
  onHand: number;
  reserved: number;
}

/** Slugs of the products that have these skus, by sku. */
export async function ownersOf(
  tx: Transaction,
  rows: readonly ImportRow[],
): Promise<ReadonlyMap<string, string>> {
  const found = await tx.$queryRaw<{ sku: string; slug: string }[]>(sql`
    SELECT v.sku, p.slug FROM product_variants v JOIN products p ON p.id = v.product_id
    WHERE v.sku = ANY (${rows.map(({ sku }) => sku)}::text[])`);
  return new Map(found.map(({ sku, slug }) => [sku, slug]));
}

/** Currencies that the rows' products are priced in for good, by slug. */
export async function currenciesOf(
  tx: Transaction,
  rows: readonly ImportRow[],
): Promise<ReadonlyMap<string, CurrencyCode>> {
  const slugs = [...new Set(rows.map(({ productSlug }) => productSlug))];
  const found = await tx.$queryRaw<{ slug: string; currency: CurrencyCode }[]>(sql`
    SELECT slug, currency::text FROM products WHERE slug = ANY (${slugs}::text[])`);
  return new Map(found.map(({ slug, currency }) => [slug, currency]));
}

/** Ids of the categories that rows name, by slug; they stay until the transaction ends. */
export async function categoriesOf(
  tx: Transaction,
  rows: readonly ImportRow[],
): Promise<ReadonlyMap<string, string>> {
  const slugs = [...new Set(rows.flatMap(({ categorySlug }) => categorySlug ?? []))];
  if (slugs.length === 0) return new Map();
  const found = await tx.$queryRaw<{ slug: string; id: string }[]>(sql`
    SELECT slug, id FROM categories WHERE slug = ANY (${slugs}::text[]) ORDER BY slug FOR KEY SHARE`);
  return new Map(found.map(({ slug, id }) => [slug, id]));
}

/**
 * Locks the rows' products, in the order of their slugs, as every import does.
 *
 * @returns them by slug
 * @throws Overtaken when one is not there, or no longer
 */
export async function lockProducts(
  tx: Transaction,
  rows: readonly PlacedRow[],
): Promise<ReadonlyMap<string, ProductState>> {
  const slugs = [...new Set(rows.map(({ row }) => row.productSlug))];
  await tx.$executeRaw(sql`
    SELECT FROM products WHERE slug = ANY (${slugs}::text[]) ORDER BY slug FOR NO KEY UPDATE`);
  // In a statement of its own: it sees what was committed while the first one waited.
  const products = await tx.$queryRaw<ProductState[]>(sql`
    SELECT p.id, p.slug, p.title, p.description, p.status::text, p.category_id AS "categoryId",
      p.currency::text, variants.count AS "variantCount", variants.next AS "nextPosition"
    FROM products p CROSS JOIN LATERAL (
      SELECT count(*)::integer, coalesce(max(position) + 1, 0) AS next
      FROM product_variants v WHERE v.product_id = p.id
    ) variants
    WHERE p.slug = ANY (${slugs}::text[])`);
  if (products.length < slugs.length) throw new Overtaken('a product is gone');
  return new Map(products.map((product) => [product.slug, product]));
}

/** The variants that are there, by sku. @throws Overtaken when one is of another product than its row's */
export async function variantsOf(
  tx: Transaction,
  rows: readonly PlacedRow[],
  products: ReadonlyMap<string, ProductState>,
): Promise<ReadonlyMap<string, VariantState>> {
  const found = await tx.$queryRaw<VariantState[]>(sql`
    SELECT v.id, v.sku, v.product_id AS "productId", v.title, v.price_minor AS "priceMinor",
      i.on_hand AS "onHand"
    FROM product_variants v LEFT JOIN inventory i ON i.variant_id = v.id
    WHERE v.sku = ANY (${rows.map(({ row }) => row.sku)}::text[])`);
  const variants = new Map(found.map((variant) => [variant.sku, variant]));
  const moved = rows.some(({ row: { sku, productSlug } }) => {
    const variant = variants.get(sku);
    return variant !== undefined && variant.productId !== products.get(productSlug)?.id;
  });
  if (moved) throw new Overtaken('a sku has gone to another product');
  return variants;
}

/** Locks the stock of variants, in the order of their ids, as everything does that changes it. */
export async function lockStock(
  tx: Transaction,
  variantIds: readonly string[],
): Promise<ReadonlyMap<string, StockState>> {
  if (variantIds.length === 0) return new Map();
  await tx.$executeRaw(sql`
    INSERT INTO inventory (variant_id) SELECT id FROM unnest(${variantIds}::uuid[]) AS id ORDER BY id
    ON CONFLICT (variant_id) DO NOTHING`);
  const stock = await tx.$queryRaw<StockState[]>(sql`
    SELECT variant_id AS "variantId", on_hand AS "onHand", reserved FROM inventory
    WHERE variant_id = ANY (${variantIds}::uuid[]) ORDER BY variant_id FOR NO KEY UPDATE`);
  return new Map(stock.map((row) => [row.variantId, row]));
}
