import type { ProductConnectionResolvers } from '../generated/schema-types.ts';
import { STOCK_TAG } from '../services/catalogue/catalogue-eviction.ts';

export const ProductConnection: ProductConnectionResolvers = {
  facets: async ({ facets }, _args, { caching }, info) => {
    caching.dependOn(STOCK_TAG, info.path);
    return [...(await facets())];
  },
};
