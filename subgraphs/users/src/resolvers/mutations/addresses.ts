import { settle, tryFromGlobalId } from '@tributary/subgraph-kit';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { signedInUser } from '../signed-in.ts';

/** Changes of the viewer's addresses. */
export const addressMutations = {
  addressCreate: async (_parent, { input }, context) => {
    const userId = await signedInUser(context);
    const { value: address, userErrors } = await settle(() =>
      context.addresses.create(userId, input, context.audit),
    );
    return { address, userErrors };
  },

  addressUpdate: async (_parent, { input }, context) => {
    const userId = await signedInUser(context);
    const addressId = tryFromGlobalId('Address', input.id);
    const { value: address, userErrors } = await settle(() =>
      context.addresses.update(userId, addressId, input, context.audit),
    );
    return { address, userErrors };
  },

  addressDelete: async (_parent, { input }, context) => {
    const userId = await signedInUser(context);
    const addressId = tryFromGlobalId('Address', input.id);
    const { value: deletedId, userErrors } = await settle(async () => {
      await context.addresses.delete(userId, addressId, context.audit);
      return input.id;
    });
    return { deletedId, userErrors };
  },
} satisfies Partial<MutationResolvers>;
