import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Product } from '@tributary/prisma/products/client';
import { type KeysetOrder, type OrderKey, timestampKey, uuidKey } from '@tributary/subgraph-kit';

/** A product's columns under the names that Prisma gives them; the table is `p`. */
export const PRODUCT_COLUMNS = sql`
  p.id, p.slug, p.title, p.description, p.status, p.category_id AS "categoryId", p.currency,
  p.min_price_minor AS "minPriceMinor", p.max_price_minor AS "maxPriceMinor",
  p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

/** A product in a list that may be the answer to a search. */
export type ListedProduct = Product & {
  /** How well it fits the search, in millionths; an integer, so that a cursor holds it exactly. */
  relevance: number;
};

/** What products can be sorted by. */
export type ProductSortField = 'RELEVANCE' | 'CREATED_AT' | 'PRICE' | 'TITLE';

export interface ProductSort {
  field: ProductSortField;
  direction: 'ASC' | 'DESC';
}

const createdAt = timestampKey<Product>(sql`p.created_at`, (product) => product.createdAt);
const productId = uuidKey<Product>(sql`p.id`, (product) => product.id);

const KEYS: Record<Exclude<ProductSortField, 'RELEVANCE'>, readonly OrderKey<Product>[]> = {
  CREATED_AT: [createdAt],
  PRICE: [
    { expression: sql`p.currency`, type: 'currency', value: (product) => product.currency },
    {
      expression: sql`p.min_price_minor`,
      type: 'bigint',
      value: (product) => product.minPriceMinor ?? 0n, // never null: such products are not in the list
    },
  ],
  TITLE: [{ expression: sql`p.title`, type: 'text', value: (product) => product.title }],
};

/**
 * An order of products; the id decides between equals.
 *
 * @param listName - tells lists apart that a cursor must not be carried between
 * @param relevance - expression of `ListedProduct.relevance`
 */
export function productOrder(
  listName: string,
  { field, direction }: ProductSort,
  relevance: Sql,
): KeysetOrder<ListedProduct> {
  if (field === 'RELEVANCE') {
    const best: OrderKey<ListedProduct> = {
      expression: relevance,
      type: 'integer',
      value: (product) => product.relevance,
    };
    return { name: `${listName} RELEVANCE`, direction: 'DESC', keys: [best, productId] };
  }
  return { name: `${listName} ${field} ${direction}`, direction, keys: [...KEYS[field], productId] };
}

/** Products of one category, the newest first. */
export const CATEGORY_PRODUCT_ORDER: KeysetOrder<Product> = {
  name: 'products of a category',
  direction: 'DESC',
  keys: [createdAt, productId],
};
