import { sqltag as sql } from '@prisma/client/runtime/client';
import { uuidV7 } from '@tributary/subgraph-kit';
import type { Transaction } from '../catalogue/product-lock.ts';
import { Overtaken, type ProductState, type StockState } from './batch-state.ts';

/** What a product is to become. */
export type ProductValues = Pick<
  ProductState,
  'slug' | 'title' | 'description' | 'status' | 'categoryId' | 'currency'
>;

/** Makes the products that are not there yet, in the order of their slugs. @returns ids of those that were made */
export async function insertProducts(
  tx: Transaction,
  products: readonly ProductValues[],
): Promise<ReadonlySet<string>> {
  const rows = products.map((product) => ({ id: uuidV7(), ...product }));
  const made = await tx.$queryRaw<{ id: string }[]>(sql`
    INSERT INTO products (id, slug, title, description, status, category_id, currency, updated_at)
    SELECT r.id, r.slug, r.title, r.description, r.status, r."categoryId", r.currency, ${new Date()}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
      id uuid, slug text, title text, description text, status "ProductStatus", "categoryId" uuid,
      currency "CurrencyCode"
    )
    WHERE NOT EXISTS (SELECT FROM products p WHERE p.slug = r.slug)
    ORDER BY r.slug
    ON CONFLICT (slug) DO NOTHING
    RETURNING id`);
  return new Set(made.map(({ id }) => id));
}

/** A variant to make. */
export interface NewVariant {
  productId: string;
  sku: string;
  title: string;
  priceMinor: number;
  position: number;
  onHand: number;
}

/** Makes variants with their stock, in the order of their skus. @throws Overtaken when a sku has been taken */
export async function insertVariants(tx: Transaction, variants: readonly NewVariant[]): Promise<void> {
  if (variants.length === 0) return;
  const rows = JSON.stringify(variants.map((variant) => ({ id: uuidV7(), ...variant })));
  const made = await tx.$executeRaw(sql`
    INSERT INTO product_variants (id, product_id, sku, title, price_minor, position, updated_at)
    SELECT r.id, r."productId", r.sku, r.title, r."priceMinor", r.position, ${new Date()}::timestamptz
    FROM jsonb_to_recordset(${rows}::jsonb) AS r (
      id uuid, "productId" uuid, sku text, title text, "priceMinor" bigint, position integer
    )
    ORDER BY r.sku
    ON CONFLICT (sku) DO NOTHING`);
  if (made < variants.length) throw new Overtaken('a sku has been taken');
  await tx.$executeRaw(sql`
    INSERT INTO inventory (variant_id, on_hand)
    SELECT r.id, r."onHand" FROM jsonb_to_recordset(${rows}::jsonb) AS r (id uuid, "onHand" integer)`);
}

/** A variant to change. */
export interface VariantChange {
  id: string;
  title: string;
  priceMinor: number;
}

export async function updateVariants(tx: Transaction, variants: readonly VariantChange[]): Promise<void> {
  if (variants.length === 0) return;
  await tx.$executeRaw(sql`
    UPDATE product_variants v SET title = r.title, price_minor = r."priceMinor",
      updated_at = greatest(${new Date()}::timestamptz, v.updated_at + interval '1 millisecond')
    FROM jsonb_to_recordset(${JSON.stringify(variants)}::jsonb) AS r (id uuid, title text, "priceMinor" bigint)
    WHERE v.id = r.id`);
}

/** Writes products whose rows or variants have changed, with the range of their prices, and a new version. */
export async function updateProducts(tx: Transaction, products: readonly ProductState[]): Promise<void> {
  if (products.length === 0) return;
  await tx.$executeRaw(sql`
    UPDATE products p SET title = r.title, description = r.description, status = r.status,
      category_id = r."categoryId", min_price_minor = prices.min, max_price_minor = prices.max,
      updated_at = greatest(${new Date()}::timestamptz, p.updated_at + interval '1 millisecond')
    FROM jsonb_to_recordset(${JSON.stringify(products)}::jsonb) AS r (
      id uuid, title text, description text, status "ProductStatus", "categoryId" uuid
    )
    CROSS JOIN LATERAL (
      SELECT min(price_minor), max(price_minor) FROM product_variants v WHERE v.product_id = r.id
    ) prices
    WHERE p.id = r.id`);
}

/**
 * Writes what was counted, and a line in the accounts of the stock for each variant.
 *
 * @param stock - locked, with the new count
 * @param runId - of the import
 */
export async function updateStock(
  tx: Transaction,
  stock: readonly Pick<StockState, 'variantId' | 'onHand'>[],
  runId: string | null,
): Promise<void> {
  if (stock.length === 0) return;
  await tx.$executeRaw(sql`
    WITH counted AS (
      SELECT r."variantId", r."onHand", i.on_hand AS before
      FROM jsonb_to_recordset(${JSON.stringify(stock)}::jsonb) AS r ("variantId" uuid, "onHand" integer)
      JOIN inventory i ON i.variant_id = r."variantId"
    ), accounts AS (
      INSERT INTO inventory_adjustments (variant_id, delta, reason, import_run_id, on_hand_after)
      SELECT "variantId", "onHand" - before, 'Import', ${runId}::uuid, "onHand" FROM counted
      WHERE ${runId}::uuid IS NOT NULL
    )
    UPDATE inventory i SET on_hand = counted."onHand" FROM counted WHERE i.variant_id = counted."variantId"`);
}
