import { fromGlobalId, pageRequest, toConnection, toGlobalId } from '@tributary/subgraph-kit';
import type { CategoryResolvers } from '../generated/schema-types.ts';

export const Category: CategoryResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.categoryById.load(fromGlobalId('Category', id, 'id')),
  id: (category) => toGlobalId('Category', category.id),
  parent: (category, _args, { loaders }) =>
    category.parentId === null ? null : loaders.categoryById.load(category.parentId),
  children: async (category, _args, { loaders }) => [...(await loaders.childrenOfCategory.load(category.id))],
  products: async ({ id }, args, { loaders }) => ({
    ...toConnection(await loaders.productsOfCategory.load({ parentId: id, args: pageRequest(args) })),
    totalCount: async () => (await loaders.productCountOfCategory.load(id))?.count ?? 0,
    facets: async () => (await loaders.productFacetsOfCategory.load(id))?.facets ?? [],
  }),
};
