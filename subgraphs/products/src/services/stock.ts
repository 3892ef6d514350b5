import type { Inventory } from '@tributary/prisma/products/client';

/** How much of a variant can be sold, as customers see it. */
export type StockStatus = 'IN_STOCK' | 'LOW_STOCK' | 'OUT_OF_STOCK';

const LOW_STOCK_MAX = 5; // pieces

/** Pieces that can be sold. */
export const availableOf = ({ onHand, reserved }: Inventory): number => onHand - reserved;

/** @param inventory - null when the variant was never counted, which is as good as none */
export function stockStatusOf(inventory: Inventory | null): StockStatus {
  const available = inventory === null ? 0 : availableOf(inventory);
  if (available <= 0) return 'OUT_OF_STOCK';
  return available <= LOW_STOCK_MAX ? 'LOW_STOCK' : 'IN_STOCK';
}
