import type { MutationResolvers } from '../generated/schema-types.ts';
import { cartMutations } from './mutations/cart.ts';
import { orderCancel } from './mutations/order-cancel.ts';
import { orderPlace } from './mutations/order-place.ts';
import { orderTransition } from './mutations/order-transition.ts';
import { personMutations } from './person.ts';

export const Mutation: MutationResolvers = {
  ...personMutations,
  ...cartMutations,
  orderPlace,
  orderCancel,
  orderTransition,
};
