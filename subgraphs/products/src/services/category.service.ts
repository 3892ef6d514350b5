import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Category, PrismaClient } from '@tributary/prisma/products/client';
import { fetchPage, type KeysetOrder, type Page, type PageRequest, uuidKey } from '@tributary/subgraph-kit';

/** Reads the catalogue's tree. */
export interface CategoryService {
  /** All categories by name. */
  list(page: PageRequest): Promise<Page<Category>>;
}

const BY_NAME: KeysetOrder<Category> = {
  name: 'categories',
  direction: 'ASC',
  keys: [
    { expression: sql`c.name`, type: 'text', value: (category) => category.name },
    uuidKey(sql`c.id`, (category) => category.id),
  ],
};

export const createCategoryService = (prisma: PrismaClient): CategoryService => ({
  list: (page) =>
    fetchPage(
      prisma,
      {
        columns: sql`c.id, c.slug, c.name, c.parent_id AS "parentId"`,
        from: sql`categories c`,
        where: [],
        order: BY_NAME,
      },
      page,
    ),
});
