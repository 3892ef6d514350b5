import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Product, ProductVariant } from '@tributary/prisma/products/client';
import { type KeysetOrder, uuidKey } from '@tributary/subgraph-kit';

/** A variant with what it takes from its product: the currency of its price, and whether it is on sale. */
export type Variant = Omit<ProductVariant, 'createdAt' | 'updatedAt'> & {
  currency: Product['currency'];
  productStatus: Product['status'];
};

/** A variant's columns; the tables are those of `VARIANT_TABLES`. */
export const VARIANT_COLUMNS = sql`
  v.id, v.product_id AS "productId", v.sku, v.title, v.price_minor AS "priceMinor", v.position,
  p.currency, p.status AS "productStatus"`;

export const VARIANT_TABLES = sql`product_variants v JOIN products p ON p.id = v.product_id`;

/** Variants of a product in the order the shop shows them. */
export const VARIANT_ORDER: KeysetOrder<Variant> = {
  name: 'variants',
  direction: 'ASC',
  keys: [
    { expression: sql`v.position`, type: 'integer', value: (variant) => variant.position },
    uuidKey(sql`v.id`, (variant) => variant.id),
  ],
};
