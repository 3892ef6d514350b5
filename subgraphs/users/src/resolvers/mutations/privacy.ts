import { settle } from '@tributary/subgraph-kit';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { accountOfViewer, signedInUser } from '../signed-in.ts';

/** What users ask about the data that is held of them. */
export const privacyMutations = {
  viewerDataExport: async (_parent, _args, context) => {
    const userId = await signedInUser(context);
    return { dataExport: await context.dataExports.request(userId, context.requestId, context.audit) };
  },

  viewerErase: async (_parent, { input }, context) => {
    const { requestId, audit, erasure } = context;
    const { value: erased, userErrors } = await settle(async () => {
      const user = await accountOfViewer(context);
      // Without an account there is nothing left to erase.
      if (user) await erasure.erase({ userId: user.id, requestId }, input, audit);
      return true;
    });
    return { erased, userErrors };
  },
} satisfies Partial<MutationResolvers>;
