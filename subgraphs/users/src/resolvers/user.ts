import { fromGlobalId, mayRead, pageRequest, toConnection, toGlobalId } from '@tributary/subgraph-kit';
import type { UserResolvers } from '../generated/schema-types.ts';
import { sessionFields } from './session.ts';

export const User: UserResolvers = {
  ...sessionFields,
  __resolveReference: ({ id }, { loaders }) => loaders.userById.load(fromGlobalId('User', id, 'id')),
  id: (user) => toGlobalId('User', user.id),
  email: (user, _args, context) => (mayRead(context, user.id, 'profile') ? user.email : null),
  role: (user, _args, context) => (mayRead(context, user.id, 'profile') ? user.role : null),
  addresses: async (user, args, context) => {
    const page = pageRequest(args);
    if (!mayRead(context, user.id, 'addresses')) return null;
    return toConnection(await context.loaders.addressesOfUser.load({ parentId: user.id, args: page }));
  },
  dataExports: async (user, _args, { viewer, loaders }) =>
    viewer?.userId === user.id ? [...(await loaders.dataExportsOfUser.load(user.id))] : null,
};
