import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Category, PrismaClient } from '@tributary/prisma/products/client';
import { type AuditTrail, checkInput, type Evictions } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { invalid, missing, slugTaken, unlessTaken } from './catalogue-errors.ts';
import { CATEGORIES_TAG, PRODUCTS_TAG } from './catalogue-eviction.ts';
import { slug, title } from './catalogue-input.ts';
import type { Transaction } from './product-lock.ts';

/** Where a category is to stand: below another (a uuid, or null for what is none of a category), or at the top. */
export type Parent = { id: string | null } | 'top';

/** Changes the catalogue's tree. */
export interface CategoryChanges {
  /** @throws Refusal when the slug is taken, the parent is missing, or the input is wrong */
  create(input: unknown, parent: Parent, audit: AuditTrail): Promise<Category>;
  /**
   * Changes what the input says, and leaves the rest.
   *
   * @param id - uuid; null for what is none
   * @param parent - undefined to leave it where it is
   * @throws Refusal as `create`, and when the category would stand below itself
   */
  update(id: string | null, input: unknown, parent: Parent | undefined, audit: AuditTrail): Promise<Category>;
  /**
   * Removes a category; its products stand in none afterwards.
   *
   * @throws Refusal when it is missing, or others stand below it
   */
  delete(id: string | null, audit: AuditTrail): Promise<string>;
}

/** Any number that only this lock uses: two moves at once could close a circle that neither closes alone. */
const TREE_LOCK = 7_243_101;

const categoryCreateInput = z.object({ slug, name: title });
const categoryUpdateInput = z.object({ slug: slug.nullish(), name: title.nullish() });

export function createCategoryChanges(prisma: PrismaClient, evictions: Evictions): CategoryChanges {
  return {
    async create(input, parent, audit) {
      const fields = checkInput(categoryCreateInput, input);
      return inTree(prisma, async (tx) => {
        const [category] = await tx.category.createManyAndReturn({
          data: [{ ...fields, parentId: await parentId(tx, parent) }],
          skipDuplicates: true,
        });
        if (!category) throw slugTaken();
        await audit.record(tx, entry('category.create', category.id));
        await evictions.add(tx, { entities: { Category: [category.parentId] }, tags: [CATEGORIES_TAG] });
        return category;
      });
    },

    async update(id, input, parent, audit) {
      const fields = checkInput(categoryUpdateInput, input);
      const change = inTree(prisma, async (tx) => {
        const category = await existing(tx, id, 'id');
        const above = parent && { parentId: await parentId(tx, parent) };
        if (above?.parentId && (await standsBelow(tx, above.parentId, category.id)))
          throw invalid(['parentId'], 'A category cannot stand below itself.');
        await audit.record(tx, entry('category.update', category.id));
        const after = await tx.category.update({
          where: { id: category.id },
          data: {
            ...(fields.slug && { slug: fields.slug }),
            ...(fields.name && { name: fields.name }),
            ...above,
          },
        });
        await evictions.add(tx, evictionOf(category, after.parentId));
        return after;
      });
      return unlessTaken(change, slugTaken);
    },

    delete: (id, audit) =>
      inTree(prisma, async (tx) => {
        const category = await existing(tx, id, 'id');
        if ((await tx.category.count({ where: { parentId: category.id } })) > 0)
          throw invalid(['id'], 'Other categories stand below this one; move or delete them first.');
        await tx.category.delete({ where: { id: category.id } });
        await audit.record(tx, entry('category.delete', category.id));
        await evictions.add(tx, evictionOf(category, null));
        return category.id;
      }),
  };
}

const inTree = <Value>(prisma: PrismaClient, run: (tx: Transaction) => Promise<Value>): Promise<Value> =>
  prisma.$transaction(async (tx) => {
    await tx.$executeRaw(sql`SELECT pg_advisory_xact_lock(${TREE_LOCK})`);
    return run(tx);
  });

const entry = (action: string, categoryId: string) => ({
  action,
  subjectType: 'Category',
  subjectId: categoryId,
});

/** What shows a category that is changed: lists of products may be of its branch, and count what is in it. */
const evictionOf = ({ id, parentId: before }: Category, after: string | null) => ({
  entities: { Category: [id, before, after] },
  tags: [CATEGORIES_TAG, PRODUCTS_TAG],
});

async function existing(tx: Transaction, id: string | null, field: string): Promise<Category> {
  const category = id === null ? null : await tx.category.findUnique({ where: { id } });
  if (!category) throw missing([field]);
  return category;
}

const parentId = async (tx: Transaction, parent: Parent): Promise<string | null> =>
  parent === 'top' ? null : (await existing(tx, parent.id, 'parentId')).id;

/** Whether a category is another, or stands somewhere below it. */
async function standsBelow(tx: Transaction, id: string, ancestorId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>(sql`
    WITH RECURSIVE path AS (
      SELECT id, parent_id FROM categories WHERE id = ${id}::uuid
      UNION
      SELECT c.id, c.parent_id FROM categories c JOIN path ON c.id = path.parent_id
    )
    SELECT FROM path WHERE id = ${ancestorId}::uuid`);
  return rows.length > 0;
}
