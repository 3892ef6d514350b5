import { randomUUID } from 'node:crypto';
import type { CurrencyCode, PrismaClient, ProductStatus } from '@tributary/prisma/products/client';
import { toGlobalId } from '@tributary/subgraph-kit';

export interface NewVariant {
  /** In minor units. */
  price: number;
  /** Null for a variant that was never counted. */
  onHand?: number | null;
  reserved?: number;
}

export interface NewProduct {
  title: string;
  description?: string;
  slug?: string;
  status?: ProductStatus;
  currency?: CurrencyCode;
  /** A category's uuid. */
  categoryId?: string;
  createdAt?: Date;
  variants?: readonly NewVariant[];
}

/** A product as a client knows it. */
export interface MadeProduct {
  /** Global id. */
  id: string;
  uuid: string;
  title: string;
  /** Global ids, in order. */
  variantIds: string[];
}

/** Puts a product on sale, at USD 10.00 with ten pieces unless said otherwise. */
export async function addProduct(prisma: PrismaClient, product: NewProduct): Promise<MadeProduct> {
  const { variants = [{ price: 1_000 }], status = 'ACTIVE', currency = 'USD', ...rest } = product;
  const prices = variants.map(({ price }) => BigInt(price)).sort((a, b) => Number(a - b));
  const uuid = randomUUID();
  const rows = variants.map(({ price, onHand = 10, reserved = 0 }, position) => ({
    id: randomUUID(),
    sku: `SKU-${randomUUID()}`,
    title: `Variant ${position}`,
    priceMinor: BigInt(price),
    position,
    ...(onHand !== null && { inventory: { create: { onHand, reserved } } }),
  }));
  await prisma.product.create({
    data: {
      id: uuid,
      slug: uuid,
      ...rest,
      status,
      currency,
      minPriceMinor: prices.at(0) ?? null,
      maxPriceMinor: prices.at(-1) ?? null,
      variants: { create: rows },
    },
  });
  return {
    id: toGlobalId('Product', uuid),
    uuid,
    title: product.title,
    variantIds: rows.map(({ id }) => toGlobalId('ProductVariant', id)),
  };
}

/** @returns the category's uuid and global id */
export async function addCategory(prisma: PrismaClient, name: string, parentId?: string) {
  const { id: uuid } = await prisma.category.create({
    data: { slug: randomUUID(), name, parentId: parentId ?? null },
  });
  return { uuid, id: toGlobalId('Category', uuid) };
}
