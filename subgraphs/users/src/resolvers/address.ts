import { fromGlobalId, mayRead, toGlobalId } from '@tributary/subgraph-kit';
import type { AddressResolvers } from '../generated/schema-types.ts';

export const Address: AddressResolvers = {
  __resolveReference: async ({ id }, context) => {
    const address = await context.loaders.addressById.load(fromGlobalId('Address', id, 'id'));
    return address && mayRead(context, address.userId, 'addresses') ? address : null;
  },
  id: (address) => toGlobalId('Address', address.id),
};
