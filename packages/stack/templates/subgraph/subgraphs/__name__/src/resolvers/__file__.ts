import { fromGlobalId, toGlobalId } from '@tributary/subgraph-kit';
import type { __Type__Resolvers } from '../generated/schema-types.ts';

export const __Type__: __Type__Resolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.__field__ById.load(fromGlobalId('__Type__', id, 'id')),
  id: (__field__) => toGlobalId('__Type__', __field__.id),
};
