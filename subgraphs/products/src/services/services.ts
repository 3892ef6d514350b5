import type { PrismaClient } from '@tributary/prisma/products/client';
import { type CategoryChanges, createCategoryChanges } from './catalogue/category-changes.service.ts';
import { createProductChanges, type ProductChanges } from './catalogue/product-changes.service.ts';
import { createVariantChanges, type VariantChanges } from './catalogue/variant-changes.service.ts';
import { type CategoryService, createCategoryService } from './category.service.ts';
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
  importRuns: ImportRunService;
  importPerformer: ImportPerformer;
}

/** @param files - that may be fetched for an import of the catalogue */
export const createServices = (prisma: PrismaClient, files: FetchLimits = NOTHING_FETCHED): Services => ({
  products: createProductService(prisma),
  categories: createCategoryService(prisma),
  productChanges: createProductChanges(prisma),
  variantChanges: createVariantChanges(prisma),
  categoryChanges: createCategoryChanges(prisma),
  inventory: createInventoryService(prisma),
  importRuns: createImportRunService(prisma, files.hosts),
  importPerformer: createImportPerformer(prisma, files),
});
