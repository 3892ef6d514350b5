import { fromGlobalId, pageRequest, toConnection } from '@tributary/subgraph-kit';
import type { QueryResolvers } from '../generated/schema-types.ts';
import { internalQueries } from './internal-queries.ts';
import { accountOfViewer } from './signed-in.ts';

export const Query: QueryResolvers = {
  ...internalQueries,

  viewer: (_parent, _args, context) => accountOfViewer(context),

  user: async (_parent, { id }, { loaders, audit }) => {
    const user = await loaders.userById.load(fromGlobalId('User', id, 'id'));
    if (user) audit.noteRead(user.id, 'profile');
    return user;
  },

  users: async (_parent, { filter, sort, ...page }, { users, audit }) => {
    const criteria = filter ?? {};
    const shown = await users.list(
      criteria,
      sort ?? { field: 'CREATED_AT', direction: 'DESC' },
      pageRequest(page),
    );
    const connection = toConnection(shown);
    for (const { node } of connection.edges) audit.noteRead(node.id, 'profile');
    return { ...connection, totalCount: () => users.count(criteria) };
  },
};
