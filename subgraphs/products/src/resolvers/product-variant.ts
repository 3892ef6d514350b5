import { fromGlobalId, money, toGlobalId } from '@tributary/subgraph-kit';
import type { ProductVariantResolvers } from '../generated/schema-types.ts';
import { stockStatusOf } from '../services/stock.ts';
import { maySeeVariant } from '../services/visibility.ts';

export const ProductVariant: ProductVariantResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const variant = await loaders.variantById.load(fromGlobalId('ProductVariant', id, 'id'));
    return variant && maySeeVariant(viewer, variant) ? variant : null;
  },
  id: (variant) => toGlobalId('ProductVariant', variant.id),
  // Whoever may see the variant may see what it is a variant of, though it be archived.
  product: async (variant, _args, { loaders }) => {
    const product = await loaders.productById.load(variant.productId);
    if (!product) throw new Error(`product ${variant.productId} is gone, and its variants with it`);
    return product;
  },
  price: (variant) => money(variant.priceMinor, variant.currency),
  stockStatus: async (variant, _args, { loaders }) =>
    stockStatusOf(await loaders.inventoryOfVariant.load(variant.id)),
  inventory: (variant, _args, { loaders }) => loaders.inventoryOfVariant.load(variant.id),
};
