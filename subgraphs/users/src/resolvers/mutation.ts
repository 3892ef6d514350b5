import type { MutationResolvers } from '../generated/schema-types.ts';
import { addressMutations } from './mutations/addresses.ts';
import { privacyMutations } from './mutations/privacy.ts';
import { profileMutations } from './mutations/profile.ts';
import { sessionMutations } from './mutations/session.ts';

export const Mutation: MutationResolvers = {
  ...sessionMutations,
  ...profileMutations,
  ...addressMutations,
  ...privacyMutations,
};
