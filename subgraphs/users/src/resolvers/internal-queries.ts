import { tryFromGlobalId } from '@tributary/subgraph-kit';
import type { QueryResolvers } from '../generated/schema-types.ts';

/** What other services ask. */
export const internalQueries = {
  addressForOrder: async (_parent, ids, { loaders }) => {
    const userId = tryFromGlobalId('User', ids.userId);
    const addressId = tryFromGlobalId('Address', ids.addressId);
    const address = addressId && (await loaders.addressById.load(addressId));
    return address && address.userId === userId ? address : null;
  },

  contactForOrder: async (_parent, { userId }, { loaders }) => {
    const id = tryFromGlobalId('User', userId);
    const user = id && (await loaders.userById.load(id));
    return user && !user.erasedAt ? user : null;
  },
} satisfies Partial<QueryResolvers>;
