import type { RequestContext } from '@tributary/subgraph-kit';
import type { Loaders } from './loaders/loaders.ts';
import type { CategoryService } from './services/category.service.ts';
import type { ProductService } from './services/product.service.ts';

/** What resolvers work with, made anew for each request. */
export interface Context extends RequestContext {
  loaders: Loaders;
  products: ProductService;
  categories: CategoryService;
}
