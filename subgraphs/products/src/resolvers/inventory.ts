import type { InventoryResolvers } from '../generated/schema-types.ts';
import { availableOf } from '../services/stock.ts';

export const Inventory: InventoryResolvers = {
  available: (inventory) => availableOf(inventory),
};
