import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient, Product } from '@tributary/prisma/products/client';
import { type AuditTrail, checkInput, type Evictions } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { missing, slugTaken, staleVersion, unlessTaken } from './catalogue-errors.ts';
import { evictionOfProducts } from './catalogue-eviction.ts';
import { description, MAX_VARIANTS, slug, status, title, variantInput } from './catalogue-input.ts';
import { lockProduct, nextVersion, type Transaction } from './product-lock.ts';
import { insertVariants, refreshProduct } from './variant-rows.ts';

/** Changes products. Who may is decided by the caller; each change is written down in the audit log. */
export interface ProductChanges {
  /**
   * Makes a product with its variants and their stock.
   *
   * @throws Refusal when the slug or a sku is taken, the category is missing, or the input is wrong
   */
  create(request: ProductCreateRequest, audit: AuditTrail): Promise<Product>;
  /**
   * Changes what the request says, and leaves the rest.
   *
   * @throws Refusal with the product as it is now, when it is not the version that the client read; and as `create`
   */
  update(request: ProductUpdateRequest, audit: AuditTrail): Promise<Product>;
  /** Takes a product off sale; one that is off sale already stays as it is. @throws Refusal when it is missing */
  archive(id: string | null, audit: AuditTrail): Promise<Product>;
}

/** A product to make; ids are uuids, and null where the client's was none of the kind. */
export interface ProductCreateRequest {
  input: unknown;
  /** Undefined for no category. */
  categoryId: string | null | undefined;
}

/** A change of a product; what is undefined stays. */
export interface ProductUpdateRequest {
  id: string | null;
  input: unknown;
  /** Null where the client's was no id of a category. */
  categoryId: string | null | undefined;
  /** Whether the product is to stand in no category. */
  clearCategory: boolean;
}

const productCreateInput = z.object({
  slug,
  title,
  description: description.nullish(),
  status,
  variants: z
    .array(variantInput)
    .min(1, 'A product needs a variant.')
    .max(MAX_VARIANTS, `At most ${MAX_VARIANTS} variants.`),
});

const productUpdateInput = z.object({
  expectedUpdatedAt: z.date().nullish(),
  slug: slug.nullish(),
  title: title.nullish(),
  description: description.nullish(),
  status: status.nullish(),
});

export function createProductChanges(prisma: PrismaClient, evictions: Evictions): ProductChanges {
  return {
    async create({ input, categoryId }, audit) {
      const { variants, ...fields } = checkInput(productCreateInput, input);
      const [first] = variants;
      return prisma.$transaction(async (tx) => {
        const [product] = await tx.product.createManyAndReturn({
          data: [
            {
              ...fields,
              description: fields.description || null,
              currency: first?.price.currency ?? 'USD',
              categoryId: existing(await lockCategory(tx, categoryId), categoryId),
            },
          ],
          skipDuplicates: true,
        });
        if (!product) throw slugTaken();
        await insertVariants(tx, product, variants, 0, (index) => ['variants', String(index)]);
        await audit.record(tx, entry('product.create', product.id));
        await evictions.add(tx, await evictionOfProducts(tx, [{ before: null, after: product }]));
        return refreshProduct(tx, product);
      });
    },

    async update({ id, input, categoryId, clearCategory }, audit) {
      const { expectedUpdatedAt, ...fields } = checkInput(productUpdateInput, input);
      const change = prisma.$transaction(async (tx) => {
        // Before the product, as those lock who remove a category.
        const found = clearCategory ? null : await lockCategory(tx, categoryId);
        const product = await lockProduct(tx, id, 'id');
        if (expectedUpdatedAt && expectedUpdatedAt.getTime() !== product.updatedAt.getTime())
          throw staleVersion(product);
        const category = clearCategory ? null : existing(found, categoryId);
        await audit.record(tx, entry('product.update', product.id));
        const after = await tx.product.update({
          where: { id: product.id },
          data: {
            ...given(fields),
            ...(fields.description !== undefined && { description: fields.description || null }),
            ...((clearCategory || category !== null) && { categoryId: category }),
            updatedAt: nextVersion(product),
          },
        });
        await evictions.add(tx, await evictionOfProducts(tx, [{ before: product, after }]));
        return after;
      });
      return unlessTaken(change, slugTaken);
    },

    archive: (id, audit) =>
      prisma.$transaction(async (tx) => {
        const product = await lockProduct(tx, id, 'id');
        if (product.status === 'ARCHIVED') return product;
        await audit.record(tx, entry('product.archive', product.id));
        const after = await tx.product.update({
          where: { id: product.id },
          data: { status: 'ARCHIVED', updatedAt: nextVersion(product) },
        });
        await evictions.add(tx, await evictionOfProducts(tx, [{ before: product, after }]));
        return after;
      }),
  };
}

const entry = (action: string, productId: string) => ({
  action,
  subjectType: 'Product',
  subjectId: productId,
});

/** What was given, without the fields that were null or left out. */
const given = ({ slug, title, status }: z.output<typeof productUpdateInput>) => ({
  ...(slug && { slug }),
  ...(title && { title }),
  ...(status && { status }),
});

/** Keeps a category until the transaction ends. @returns its uuid; null where there is none, or none was named */
async function lockCategory(tx: Transaction, id: string | null | undefined): Promise<string | null> {
  if (!id) return null;
  const [category] = await tx.$queryRaw<{ id: string }[]>(sql`
    SELECT id FROM categories WHERE id = ${id}::uuid FOR KEY SHARE`);
  return category?.id ?? null;
}

/** @throws Refusal when a category was named that is not there */
function existing(found: string | null, named: string | null | undefined): string | null {
  if (found === null && named !== undefined) throw missing(['categoryId']);
  return found;
}
