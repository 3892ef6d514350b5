import { toGlobalId } from '@tributary/subgraph-kit';
import type { FacetResolvers } from '../generated/schema-types.ts';

export const Facet: FacetResolvers = {
  values: ({ field, values }) =>
    field === 'CATEGORY'
      ? values.map((value) => ({ ...value, value: toGlobalId('Category', value.value) }))
      : [...values],
};
