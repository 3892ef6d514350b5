import { checkInput, settle, text } from '@tributary/subgraph-kit';
import { z } from 'zod';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { sourceOf } from './change-source.ts';
import { orderIdOf } from './order-id.ts';

const orderCancelInput = z.object({ reason: text({ max: 500 }).nullish() });

export const orderCancel: NonNullable<MutationResolvers['orderCancel']> = async (
  _parent,
  { input },
  context,
) => {
  const { value: order, userErrors } = await settle(() => {
    const { reason = null } = checkInput(orderCancelInput, input);
    return context.orderChanges.cancel(sourceOf(context), orderIdOf(input.id), reason);
  });
  if (order) context.audit.noteRead(order.userId, 'orders');
  return { order, userErrors };
};
