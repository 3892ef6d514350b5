import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { ProductStatus } from '@tributary/prisma/products/client';
import { type CurrencyCode, InputError } from '@tributary/subgraph-kit';

/** Which products to list; all conditions must hold. */
export interface ProductCriteria {
  /** Uuids of categories; products below them fit too. */
  categoryIds?: readonly string[] | null | undefined;
  price?: PriceRange | null | undefined;
  /** Whether at least one variant can be sold. */
  inStock?: boolean | null | undefined;
  /** Heeded only where every status is seen. */
  status?: readonly ProductStatus[] | null | undefined;
}

/** Both ends included, in minor units of the currency. */
export interface PriceRange {
  min?: number | null | undefined;
  max?: number | null | undefined;
  currency: CurrencyCode;
}

const MAX_CATEGORIES = 100;

/** What somebody may see at all; the table is `p`. */
export const visible = (everyStatus: boolean): Sql[] => (everyStatus ? [] : [sql`p.status = 'ACTIVE'`]);

/**
 * The conditions of a list; the table is `p`.
 *
 * @param everyStatus - whether products that are not on sale are seen
 * @throws InputError when a criterion cannot be used
 */
export function conditionsOf(criteria: ProductCriteria, everyStatus: boolean): Sql[] {
  const { categoryIds, price, inStock, status } = criteria;
  const where = visible(everyStatus);
  if (everyStatus && status) where.push(sql`p.status = ANY (${[...status]}::text[]::"ProductStatus"[])`);
  if (categoryIds) where.push(inBranches(categoryIds));
  if (price) where.push(...pricedWithin(price));
  if (typeof inStock === 'boolean') where.push(inStock ? HAS_STOCK : sql`NOT ${HAS_STOCK}`);
  return where;
}

/** In one of the categories or below; UNION ends the walk even if the tree had a circle. */
function inBranches(categoryIds: readonly string[]): Sql {
  if (categoryIds.length > MAX_CATEGORIES) {
    throw new InputError(
      'INVALID_ARGUMENT',
      'filter.categoryIds',
      `Filter by at most ${MAX_CATEGORIES} categories.`,
    );
  }
  return sql`p.category_id = ANY (ARRAY(
    WITH RECURSIVE branch AS (
      SELECT c.id FROM categories c WHERE c.id = ANY (${[...categoryIds]}::uuid[])
      UNION
      SELECT c.id FROM categories c JOIN branch ON c.parent_id = branch.id
    )
    SELECT id FROM branch))`;
}

/** A variant decides: a product at 10 and 90 has none between 40 and 50. The product's own range spares most of them. */
function pricedWithin({ min = null, max = null, currency }: PriceRange): Sql[] {
  checkBound('min', min);
  checkBound('max', max);
  if (min !== null && max !== null && min > max) {
    throw new InputError('INVALID_ARGUMENT', 'filter.price.min', 'min must not be above max.');
  }
  return [
    sql`p.currency = ${currency}::"CurrencyCode"`,
    sql`p.max_price_minor >= ${min ?? 0}::bigint`,
    ...(max === null ? [] : [sql`p.min_price_minor <= ${max}::bigint`]),
    sql`EXISTS (
      SELECT FROM product_variants v
      WHERE v.product_id = p.id
        AND v.price_minor >= ${min ?? 0}::bigint
        AND (${max}::bigint IS NULL OR v.price_minor <= ${max}::bigint))`,
  ];
}

function checkBound(name: 'min' | 'max', bound: number | null): void {
  if (bound !== null && bound < 0) {
    throw new InputError('INVALID_ARGUMENT', `filter.price.${name}`, `${name} must not be negative.`);
  }
}

const HAS_STOCK = sql`EXISTS (
  SELECT FROM product_variants v JOIN inventory i ON i.variant_id = v.id
  WHERE v.product_id = p.id AND i.on_hand > i.reserved)`;
