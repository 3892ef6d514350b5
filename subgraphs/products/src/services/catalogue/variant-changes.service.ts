import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/products/client';
import { type AuditTrail, checkInput, type Evictions } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { VARIANT_COLUMNS, VARIANT_TABLES, type Variant } from '../variant.rows.ts';
import { invalid, missing, skuTaken, unlessTaken } from './catalogue-errors.ts';
import { evictionOfProducts } from './catalogue-eviction.ts';
import { MAX_VARIANTS, price, sku, title, variantInput } from './catalogue-input.ts';
import { lockProduct, nextVersion, type Transaction } from './product-lock.ts';
import { insertVariants, refreshProduct } from './variant-rows.ts';

/** Changes what a product can be bought as. Each change moves the product's version. */
export interface VariantChanges {
  /**
   * Adds a variant after the product's others.
   *
   * @param productId - uuid; null for what is none
   * @throws Refusal when the product is missing or has enough of them, the sku is taken, or the input is wrong
   */
  create(productId: string | null, input: unknown, audit: AuditTrail): Promise<Variant>;
  /**
   * Changes what the input says, and leaves the rest. Orders keep the price they were placed at.
   *
   * @param id - uuid; null for what is none
   * @throws Refusal when the variant is missing, the sku is taken, or the input is wrong
   */
  update(id: string | null, input: unknown, audit: AuditTrail): Promise<Variant>;
}

const variantCreateInput = z.object({ variant: variantInput });
const variantUpdateInput = z.object({ sku: sku.nullish(), title: title.nullish(), price: price.nullish() });

export function createVariantChanges(prisma: PrismaClient, evictions: Evictions): VariantChanges {
  return {
    async create(productId, input, audit) {
      const { variant } = checkInput(variantCreateInput, input);
      return prisma.$transaction(async (tx) => {
        const product = await lockProduct(tx, productId, 'productId');
        const { _max, _count } = await tx.productVariant.aggregate({
          where: { productId: product.id },
          _max: { position: true },
          _count: true,
        });
        if (_count >= MAX_VARIANTS)
          throw invalid(['productId'], `A product has at most ${MAX_VARIANTS} variants.`);
        const position = (_max.position ?? -1) + 1;
        const [id = ''] = await insertVariants(tx, product, [variant], position, () => ['variant']);
        await refreshProduct(tx, product);
        await audit.record(tx, entry('variant.create', id));
        await evictions.add(tx, await evictionOfProducts(tx, [{ before: product, after: product }]));
        return readVariant(tx, id);
      });
    },

    async update(id, input, audit) {
      const { price: newPrice, ...fields } = checkInput(variantUpdateInput, input);
      const change = prisma.$transaction(async (tx) => {
        const before = id === null ? null : await tx.productVariant.findUnique({ where: { id } });
        if (!before) throw missing(['id']);
        const product = await lockProduct(tx, before.productId, 'id');
        if (newPrice && newPrice.currency !== product.currency)
          throw invalid(['price', 'currency'], `This product is priced in ${product.currency}.`);
        await tx.productVariant.update({
          where: { id: before.id },
          data: {
            ...(fields.sku && { sku: fields.sku }),
            ...(fields.title && { title: fields.title }),
            ...(newPrice && { priceMinor: BigInt(newPrice.minorUnits) }),
            updatedAt: nextVersion(before),
          },
        });
        await refreshProduct(tx, product);
        await audit.record(tx, entry('variant.update', before.id));
        const changed = { before: product, after: product };
        await evictions.add(tx, await evictionOfProducts(tx, [changed], [before.id]));
        return readVariant(tx, before.id);
      });
      return unlessTaken(change, () => skuTaken(['sku']));
    },
  };
}

const entry = (action: string, variantId: string) => ({
  action,
  subjectType: 'ProductVariant',
  subjectId: variantId,
});

async function readVariant(tx: Transaction, id: string): Promise<Variant> {
  const [variant] = await tx.$queryRaw<Variant[]>(sql`
    SELECT ${VARIANT_COLUMNS} FROM ${VARIANT_TABLES} WHERE v.id = ${id}::uuid`);
  if (!variant) throw new Error(`variant ${id} is gone while its product was locked`);
  return variant;
}
