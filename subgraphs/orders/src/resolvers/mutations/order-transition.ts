import { checkInput, settle, text } from '@tributary/subgraph-kit';
import { z } from 'zod';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { sourceOf } from './change-source.ts';
import { orderIdOf } from './order-id.ts';

const orderTransitionInput = z.object({ reason: text({ max: 500 }).nullish() });

export const orderTransition: NonNullable<MutationResolvers['orderTransition']> = async (
  _parent,
  { input },
  context,
) => {
  const { value: order, userErrors } = await settle(() => {
    const { reason = null } = checkInput(orderTransitionInput, input);
    return context.orderChanges.advance(sourceOf(context), orderIdOf(input.id), input.to, reason);
  });
  if (order) context.audit.noteRead(order.userId, 'orders');
  return { order, userErrors };
};
