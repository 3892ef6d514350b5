import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Inventory, PrismaClient, Product } from '@tributary/prisma/products/client';

/** What there is of a variant at one time. */
export interface StockState {
  /** The variant's uuid. */
  variantId: string;
  productStatus: Product['status'];
  /** Null when it was never counted. */
  inventory: Inventory | null;
  /** Rises with each change; 0 when it was never counted. */
  sequence: number;
}

type Row = Pick<StockState, 'variantId' | 'productStatus'> &
  ({ onHand: number; reserved: number; version: bigint } | { onHand: null; reserved: null; version: null });

/** Reads the stock of those variants that exist, in one statement. */
export async function readStock(prisma: PrismaClient, variantIds: readonly string[]): Promise<StockState[]> {
  const rows = await prisma.$queryRaw<Row[]>(sql`
    SELECT stock.* FROM unnest(${[...variantIds]}::uuid[]) WITH ORDINALITY AS wanted(id, n) CROSS JOIN LATERAL (
      SELECT v.id AS "variantId", p.status AS "productStatus", i.on_hand AS "onHand", i.reserved, i.version
      FROM product_variants v JOIN products p ON p.id = v.product_id LEFT JOIN inventory i ON i.variant_id = v.id
      WHERE v.id = wanted.id LIMIT 1
    ) stock ORDER BY wanted.n`);
  return rows.map(({ variantId, productStatus, ...stock }) => ({
    variantId,
    productStatus,
    inventory: stock.version === null ? null : { variantId, ...stock },
    sequence: Number(stock.version ?? 0),
  }));
}
