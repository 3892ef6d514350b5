import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Product } from '@tributary/prisma/products/client';
import type { InputField } from '@tributary/subgraph-kit';
import { PRODUCT_COLUMNS } from '../product.rows.ts';
import { invalid, skuTaken } from './catalogue-errors.ts';
import type { VariantInput } from './catalogue-input.ts';
import { nextVersion, type Transaction } from './product-lock.ts';

/**
 * Puts variants into a product, with their stock.
 *
 * @param position - of the first one
 * @param fieldOf - path of a variant in the input
 * @returns their uuids
 * @throws Refusal for a sku that is taken, or a price in another currency than the product's
 */
export async function insertVariants(
  tx: Transaction,
  product: Pick<Product, 'id' | 'currency'>,
  variants: readonly VariantInput[],
  position: number,
  fieldOf: (index: number) => string[],
): Promise<string[]> {
  const foreign = variants.findIndex(({ price }) => price.currency !== product.currency);
  if (foreign !== -1)
    throw invalid(
      [...fieldOf(foreign), 'price', 'currency'],
      `All variants of this product are priced in ${product.currency}.`,
    );
  const rows = variants.map(({ sku, title, price }, index) => ({
    productId: product.id,
    sku,
    title,
    priceMinor: BigInt(price.minorUnits),
    position: position + index,
  }));
  const inserted = await tx.productVariant.createManyAndReturn({
    // In one order everywhere: two that put in the same skus wait for each other only one way round.
    data: rows.sort((one, other) => (one.sku < other.sku ? -1 : 1)),
    skipDuplicates: true,
  });
  const idOf = new Map(inserted.map(({ position: at, id }) => [at - position, id]));
  const ids = variants.map((_variant, index) => idOf.get(index) ?? refuseSku(fieldOf(index)));
  await tx.inventory.createMany({
    data: variants.map(({ onHand }, index) => ({ variantId: String(ids[index]), onHand })),
  });
  return ids;
}

function refuseSku(field: string[]): never {
  throw skuTaken([...field, 'sku'] satisfies InputField);
}

/** Brings a product's lowest and highest price up to date with its variants, and its version with them. */
export async function refreshProduct(tx: Transaction, product: Product): Promise<Product> {
  const [refreshed] = await tx.$queryRaw<Product[]>(sql`
    UPDATE products p SET min_price_minor = prices.min, max_price_minor = prices.max,
      updated_at = ${nextVersion(product)}
    FROM (
      SELECT min(price_minor), max(price_minor) FROM product_variants WHERE product_id = ${product.id}::uuid
    ) prices
    WHERE p.id = ${product.id}::uuid
    RETURNING ${PRODUCT_COLUMNS}`);
  if (!refreshed) throw new Error(`product ${product.id} is gone while it was locked`);
  return refreshed;
}
