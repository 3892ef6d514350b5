import type { MutationResolvers } from '../generated/schema-types.ts';
import { catalogueMutations } from './mutations/catalogue.ts';
import { importMutations } from './mutations/import.ts';
import { inventoryMutations } from './mutations/inventory.ts';

export const Mutation: MutationResolvers = {
  ...catalogueMutations,
  ...importMutations,
  ...inventoryMutations,
};
