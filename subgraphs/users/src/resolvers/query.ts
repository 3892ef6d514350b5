import { fromGlobalId, pageRequest, toConnection } from '@tributary/subgraph-kit';
import type { QueryResolvers } from '../generated/schema-types.ts';

export const Query: QueryResolvers = {
  viewer: (_parent, _args, { viewer, loaders }) => (viewer ? loaders.userById.load(viewer.userId) : null),

  user: (_parent, { id }, { loaders }) => loaders.userById.load(fromGlobalId('User', id, 'id')),

  users: async (_parent, { filter, sort, ...page }, { users }) => {
    const criteria = filter ?? {};
    return {
      ...toConnection(
        await users.list(criteria, sort ?? { field: 'CREATED_AT', direction: 'DESC' }, pageRequest(page)),
      ),
      totalCount: () => users.count(criteria),
    };
  },
};
