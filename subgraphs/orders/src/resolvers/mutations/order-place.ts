import { checkInput, notFound, Refusal, tryFromGlobalId } from '@tributary/subgraph-kit';
import { z } from 'zod';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { sourceOf } from './change-source.ts';
import { settleWithOthers } from './settle-with-others.ts';

const orderPlaceInput = z.object({
  idempotencyKey: z
    .string()
    .regex(/^[\x20-\x7e]{8,100}$/, 'The key must have 8 to 100 printable ASCII characters.'),
  expectedTotal: z.object({ minorUnits: z.number().min(0, 'A total is not negative.') }),
});

export const orderPlace: NonNullable<MutationResolvers['orderPlace']> = async (
  _parent,
  { input },
  context,
) => {
  const { viewer, audit } = sourceOf(context);
  const { value: order, userErrors } = await settleWithOthers(context, async () => {
    const { idempotencyKey } = checkInput(orderPlaceInput, input);
    const shippingAddressId = tryFromGlobalId('Address', input.shippingAddressId);
    if (shippingAddressId === null) throw new Refusal(notFound(['shippingAddressId']));
    const cartId = typeof input.cartId === 'string' ? tryFromGlobalId('Cart', input.cartId) : null;
    if (typeof input.cartId === 'string' && cartId === null) throw new Refusal(notFound(['cartId']));
    const { expectedTotal } = input;
    return context.placing.place(
      { viewer, audit, requestId: context.requestId },
      { idempotencyKey, shippingAddressId, expectedTotal, cartId },
    );
  });
  return { order, userErrors };
};
