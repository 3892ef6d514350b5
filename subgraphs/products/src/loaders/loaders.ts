import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Category, Inventory, PrismaClient, Product } from '@tributary/prisma/products/client';
import {
  createChildrenLoader,
  createParentLoader,
  createRowLoader,
  emptyPage,
  fetchPages,
  type Page,
  type PageRequest,
} from '@tributary/subgraph-kit';
import { VARIANT_COLUMNS, VARIANT_ORDER, VARIANT_TABLES, type Variant } from '../services/variant.rows.ts';
import { createCategoryProductLoaders } from './category-products.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** One loader for each way of looking something up; a set for each request. */
export const createLoaders = (prisma: PrismaClient) => ({
  productById: createRowLoader<Product>(
    (ids) => prisma.product.findMany({ where: { id: { in: [...ids] } } }),
    (product) => product.id,
  ),
  productBySlug: createRowLoader<Product>(
    (slugs) => prisma.product.findMany({ where: { slug: { in: [...slugs] } } }),
    (product) => product.slug,
  ),
  variantById: createRowLoader<Variant>(
    (ids) =>
      // The limit keeps it at two index lookups for each id: a plain join reads all products for some hundred ids.
      prisma.$queryRaw(sql`
        SELECT variant.* FROM unnest(${[...ids]}::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
          SELECT ${VARIANT_COLUMNS} FROM ${VARIANT_TABLES} WHERE v.id = wanted.id LIMIT 1
        ) variant`),
    (variant) => variant.id,
  ),
  variantsOfProduct: createParentLoader<PageRequest, Page<Variant>>(
    (ids, page) =>
      fetchPages(
        prisma,
        { columns: VARIANT_COLUMNS, from: VARIANT_TABLES, where: [], order: VARIANT_ORDER },
        { column: sql`v.product_id`, ids },
        page,
      ),
    () => emptyPage(VARIANT_ORDER),
  ),
  inventoryOfVariant: createRowLoader<Inventory>(
    (ids) => prisma.inventory.findMany({ where: { variantId: { in: [...ids] } } }),
    (inventory) => inventory.variantId,
  ),
  categoryById: createRowLoader<Category>(
    (ids) => prisma.category.findMany({ where: { id: { in: [...ids] } } }),
    (category) => category.id,
  ),
  childrenOfCategory: createChildrenLoader<Category>(
    (ids) =>
      prisma.category.findMany({
        where: { parentId: { in: [...ids] } },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      }),
    (category) => category.parentId ?? '',
  ),
  ...createCategoryProductLoaders(prisma),
});
