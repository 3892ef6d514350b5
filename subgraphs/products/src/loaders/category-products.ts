import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient, Product } from '@tributary/prisma/products/client';
import {
  createParentLoader,
  createRowLoader,
  emptyPage,
  fetchPages,
  type Page,
  type PageRequest,
} from '@tributary/subgraph-kit';
import { type Facet, fetchFacetsOfCategories } from '../services/facets.ts';
import { CATEGORY_PRODUCT_ORDER, PRODUCT_COLUMNS } from '../services/product.rows.ts';

const PRODUCTS = sql`products p`;
const ON_SALE = sql`p.status = 'ACTIVE'`;

/** Loaders of what is on sale in a category itself. */
export const createCategoryProductLoaders = (prisma: PrismaClient) => ({
  productsOfCategory: createParentLoader<PageRequest, Page<Product>>(
    (ids, page) =>
      fetchPages(
        prisma,
        { columns: PRODUCT_COLUMNS, from: PRODUCTS, where: [ON_SALE], order: CATEGORY_PRODUCT_ORDER },
        { column: sql`p.category_id`, ids },
        page,
      ),
    () => emptyPage(CATEGORY_PRODUCT_ORDER),
  ),
  productCountOfCategory: createRowLoader<{ categoryId: string; count: number }>(
    (ids) =>
      prisma.$queryRaw(sql`
        SELECT p.category_id AS "categoryId", count(*)::integer AS count
        FROM ${PRODUCTS} WHERE p.category_id = ANY (${[...ids]}::uuid[]) AND ${ON_SALE}
        GROUP BY p.category_id`),
    ({ categoryId }) => categoryId,
  ),
  productFacetsOfCategory: createRowLoader<{ categoryId: string; facets: Facet[] }>(
    (ids) => fetchFacetsOfCategories(prisma, { from: PRODUCTS, where: [ON_SALE] }, ids),
    ({ categoryId }) => categoryId,
  ),
});
