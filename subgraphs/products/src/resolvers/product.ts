import { fromGlobalId, money, pageRequest, toConnection, toGlobalId } from '@tributary/subgraph-kit';
import type { ProductResolvers } from '../generated/schema-types.ts';
import { maySeeProduct } from '../services/visibility.ts';

export const Product: ProductResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const product = await loaders.productById.load(fromGlobalId('Product', id, 'id'));
    return product && maySeeProduct(viewer, product) ? product : null;
  },
  id: (product) => toGlobalId('Product', product.id),
  category: (product, _args, { loaders }) =>
    product.categoryId === null ? null : loaders.categoryById.load(product.categoryId),
  variants: async (product, args, { loaders }) =>
    toConnection(await loaders.variantsOfProduct.load({ parentId: product.id, args: pageRequest(args) })),
  priceRange: ({ minPriceMinor, maxPriceMinor, currency }) =>
    minPriceMinor === null || maxPriceMinor === null
      ? null
      : { min: money(minPriceMinor, currency), max: money(maxPriceMinor, currency) },
};
