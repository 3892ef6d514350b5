import { fromGlobalId } from '@tributary/subgraph-kit';
import type { ProductFilter } from '../generated/schema-types.ts';
import type { ProductCriteria } from '../services/product-criteria.ts';

/** @throws InputError naming the category's id that is none */
export const toProductCriteria = ({ categoryIds, ...filter }: ProductFilter): ProductCriteria => ({
  ...filter,
  categoryIds: categoryIds?.map((id, index) => fromGlobalId('Category', id, `filter.categoryIds.${index}`)),
});
