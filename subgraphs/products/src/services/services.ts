import type { EventBus } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/products/client';
import type { Evictions } from '@tributary/subgraph-kit';
import { type CategoryChanges, createCategoryChanges } from './catalogue/category-changes.service.ts';
import { createProductChanges, type ProductChanges } from './catalogue/product-changes.service.ts';
import { createVariantChanges, type VariantChanges } from './catalogue/variant-changes.service.ts';
import { type CategoryService, createCategoryService } from './category.service.ts';
import { createStockFeed } from './events/stock-feed.ts';
import { createStockSubscriptions, type StockSubscriptions } from './events/stock-subscriptions.service.ts';
import { type FetchLimits, NOTHING_FETCHED } from './import/fetch-file.ts';
import { createImportRunService, type ImportRunService } from './import/import-run.service.ts';
import { createImportPerformer, type ImportPerformer } from './import/perform-import.ts';
import { createInventoryService, type InventoryService } from './inventory/inventory.service.ts';
import { createProductService, type ProductService } from './product.service.ts';

/** What resolvers ask; made once for all requests. */
export interface Services {
  products: ProductService;
  categories: CategoryService;
  productChanges: ProductChanges;
  variantChanges: VariantChanges;
  categoryChanges: CategoryChanges;
  inventory: InventoryService;
  stockSubscriptions: StockSubscriptions;
  importRuns: ImportRunService;
  importPerformer: ImportPerformer;
}

/**
 * @param events - says when the stock has changed
 * @param evictions - has what was kept of the catalogue forgotten
 * @param files - that may be fetched for an import of the catalogue
 */
export const createServices = (
  prisma: PrismaClient,
  events: EventBus,
  evictions: Evictions,
  files: FetchLimits = NOTHING_FETCHED,
): Services => ({
  products: createProductService(prisma),
  categories: createCategoryService(prisma),
  productChanges: createProductChanges(prisma, evictions),
  variantChanges: createVariantChanges(prisma, evictions),
  categoryChanges: createCategoryChanges(prisma, evictions),
  inventory: createInventoryService(prisma),
  stockSubscriptions: createStockSubscriptions(prisma, createStockFeed(events)),
  importRuns: createImportRunService(prisma, files.hosts),
  importPerformer: createImportPerformer(prisma, evictions, files),
});
