import { settle, tryFromGlobalId } from '@tributary/subgraph-kit';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { signedInUser } from '../signed-in.ts';

/** Changes of what users are. */
export const profileMutations = {
  userUpdate: async (_parent, { input }, context) => {
    const userId = await signedInUser(context);
    const { value: user, userErrors } = await settle(() =>
      context.profiles.update(userId, input, context.audit),
    );
    return { user, userErrors };
  },

  userRoleAssign: async (_parent, { input }, context) => {
    const assignedBy = await signedInUser(context);
    const assignment = { userId: tryFromGlobalId('User', input.userId), role: input.role, assignedBy };
    const { value: user, userErrors } = await settle(() => context.roles.assign(assignment, context.audit));
    return { user, userErrors };
  },
} satisfies Partial<MutationResolvers>;
