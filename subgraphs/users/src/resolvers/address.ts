import { fromGlobalId, maySee, toGlobalId } from '@tributary/subgraph-kit';
import type { AddressResolvers } from '../generated/schema-types.ts';

export const Address: AddressResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const address = await loaders.addressById.load(fromGlobalId('Address', id, 'id'));
    return address && maySee(viewer, address.userId) ? address : null;
  },
  id: (address) => toGlobalId('Address', address.id),
};
