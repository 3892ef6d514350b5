import { variantId } from '../../seed/ids.ts';
import { Random } from '../../seed/random.ts';
import { ALL_COLOURS, optionsOf } from './options.ts';
import type { InventoryRow, ProductRow, ProductStatus, VariantRow } from './tables.ts';
import type { CategoryVocabulary } from './vocabulary/department.ts';

/** A variant with what is in stock of it. */
export interface Stocked {
  variant: VariantRow;
  stock: InventoryRow;
}

/** Which variants of all are the product's. */
interface VariantRange {
  /** Number of the first one. */
  first: number;
  count: number;
}

/**
 * A price for a product in minor units: cheap things are more frequent than dear ones.
 * @param range - lowest and highest price in whole dollars
 */
export function basePrice([lowest, highest]: readonly [number, number], random: Random): number {
  return 100 * lowest * (highest / lowest) ** (random.fraction() * random.fraction());
}

/**
 * The variants of the n-th product, each with its stock.
 * @param base - the product's price in minor units, before it is rounded to one that a shop would ask
 */
export function variantsOf(
  n: number,
  product: Pick<ProductRow, 'id' | 'createdAt' | 'updatedAt' | 'status'>,
  words: CategoryVocabulary,
  base: number,
  range: VariantRange,
): Stocked[] {
  const colours = new Random('colours', n).shuffle(ALL_COLOURS);
  return optionsOf(words.options, range.count, colours).map((option, position) => {
    const id = variantId(range.first + position);
    const variant = {
      id,
      productId: product.id,
      sku: `${words.code}-${String(n).padStart(4, '0')}-${option.code}`,
      title: option.title,
      priceMinor: shopPrice(base * option.factor),
      position,
      createdAt: product.createdAt,
      updatedAt: product.updatedAt,
    };
    return {
      variant,
      stock: {
        variantId: id,
        onHand: stockOf(product.status, new Random('stock', range.first + position)),
        reserved: 0, // nothing is under way
      },
    };
  });
}

/** The nearest price that looks like one: $7.49, $24.99, $189.00. */
function shopPrice(minorUnits: number): number {
  if (minorUnits < 2_000) return Math.max(99, Math.round(minorUnits / 50) * 50 - 1);
  return minorUnits < 15_000
    ? Math.round(minorUnits / 100) * 100 - 1
    : Math.round(minorUnits / 500) * 500 - 100;
}

/** What is in stock: of most variants plenty, of one in ten between 1 and 5, of one in sixteen none. */
function stockOf(status: ProductStatus, random: Random): number {
  const draw = random.fraction();
  if (status !== 'ACTIVE' || draw < 0.06) return 0;
  return draw < 0.16 ? random.int(1, 5) : random.int(6, 40) * random.int(1, 10);
}
