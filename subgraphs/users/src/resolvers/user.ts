import { fromGlobalId, maySee, pageRequest, toConnection, toGlobalId } from '@tributary/subgraph-kit';
import type { UserResolvers } from '../generated/schema-types.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.userById.load(fromGlobalId('User', id, 'id')),
  id: (user) => toGlobalId('User', user.id),
  email: (user, _args, { viewer }) => (maySee(viewer, user.id) ? user.email : null),
  role: (user, _args, { viewer }) => (maySee(viewer, user.id) ? user.role : null),
  addresses: async (user, args, { viewer, loaders }) => {
    const page = pageRequest(args);
    if (!maySee(viewer, user.id)) return null;
    return toConnection(await loaders.addressesOfUser.load({ parentId: user.id, args: page }));
  },
};
