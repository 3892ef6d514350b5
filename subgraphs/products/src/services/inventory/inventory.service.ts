import type { PrismaClient } from '@tributary/prisma/products/client';
import { fetchOffers, type VariantOffer } from './offers.ts';
import { createReservationService, type ReservationService } from './reservation.service.ts';
import { createStockAdjustmentService, type StockAdjustmentService } from './stock-adjustment.service.ts';

/** What is in stock, and for whom it is kept. */
export interface InventoryService extends ReservationService, StockAdjustmentService {
  /**
   * What variants are sold for now.
   *
   * @param variantIds - uuids; null for what is the id of no variant
   * @returns in the order of the ids, null for those that do not exist
   * @throws InputError when there are more than 100
   */
  offers(variantIds: readonly (string | null)[]): Promise<(VariantOffer | null)[]>;
}

export const createInventoryService = (prisma: PrismaClient): InventoryService => ({
  ...createReservationService(prisma),
  ...createStockAdjustmentService(prisma),
  offers: (variantIds) => fetchOffers(prisma, variantIds),
});
