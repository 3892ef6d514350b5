import { fromGlobalId, pageRequest, toConnection, tryFromGlobalId } from '@tributary/subgraph-kit';
import type { QueryResolvers } from '../generated/schema-types.ts';
import { STOCK_TAG } from '../services/catalogue/catalogue-eviction.ts';
import { maySeeProduct, seesEveryStatus } from '../services/visibility.ts';
import { toProductCriteria } from './product-filter.ts';

const DEFAULT_CATEGORIES = 50;

export const Query: QueryResolvers = {
  product: async (_parent, { id }, { viewer, loaders }) => {
    const product = await loaders.productById.load(fromGlobalId('Product', id, 'id'));
    return product && maySeeProduct(viewer, product) ? product : null;
  },

  productBySlug: async (_parent, { slug }, { viewer, loaders }) => {
    const product = await loaders.productBySlug.load(slug);
    return product && maySeeProduct(viewer, product) ? product : null;
  },

  products: async (_parent, { search, filter, sort, ...page }, { viewer, products, caching }, info) => {
    if (typeof filter?.inStock === 'boolean') caching.dependOn(STOCK_TAG, info.path);
    const list = await products.list(
      {
        search: search ?? null,
        criteria: toProductCriteria(filter ?? {}),
        sort: sort ?? null,
        everyStatus: seesEveryStatus(viewer),
      },
      pageRequest(page),
    );
    return { ...toConnection(list.page), totalCount: list.count, facets: list.facets };
  },

  category: (_parent, { id }, { loaders }) => loaders.categoryById.load(fromGlobalId('Category', id, 'id')),

  categories: async (_parent, page, { categories }) =>
    toConnection(await categories.list(pageRequest(page, DEFAULT_CATEGORIES))),

  variantOffers: (_parent, { ids }, { inventory }) =>
    inventory.offers(ids.map((id) => tryFromGlobalId('ProductVariant', id))),

  importRun: (_parent, { id }, { importRuns }) => importRuns.find(fromGlobalId('ImportRun', id, 'id')),
};
