import { checkInput, notFound, Refusal, settle, tryFromGlobalId, type Viewer } from '@tributary/subgraph-kit';
import { z } from 'zod';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import type { CartOwner } from '../../services/cart/cart-owner.ts';
import { sourceOf } from './change-source.ts';
import { settleWithOthers } from './settle-with-others.ts';

const pieces = z.object({
  quantity: z.number().min(1, 'One piece at least.').max(999, 'At most 999 pieces.'),
});

export const cartMutations = {
  cartLineAdd: async (_parent, { input }, context) => {
    const { value, userErrors } = await settleWithOthers(context, async () => {
      const { quantity } = checkInput(pieces, input);
      const variantId = uuidOf('ProductVariant', input.variantId, 'variantId');
      const owner = ownerOf(context.viewer, input.cartToken);
      return context.carts.addLine(owner, variantId, quantity, context.requestId);
    });
    return { cart: value?.cart ?? null, cartToken: value?.newToken ?? null, userErrors };
  },

  cartLineUpdate: async (_parent, { input }, context) => {
    const { value: cart, userErrors } = await settleWithOthers(context, async () => {
      const { quantity } = checkInput(pieces, input);
      const lineId = uuidOf('CartLine', input.lineId, 'lineId');
      const owner = knownOwner(context.viewer, input.cartToken);
      return context.carts.updateLine(owner, lineId, quantity, context.requestId);
    });
    return { cart, userErrors };
  },

  cartLineRemove: async (_parent, { input }, context) => {
    const { value: cart, userErrors } = await settle(() =>
      context.carts.removeLine(
        knownOwner(context.viewer, input.cartToken),
        uuidOf('CartLine', input.lineId, 'lineId'),
      ),
    );
    return { cart, userErrors };
  },

  cartMerge: async (_parent, { input }, context) => {
    const { viewer } = sourceOf(context);
    const { value: cart, userErrors } = await settle(() =>
      context.carts.merge(viewer.userId, input.cartToken),
    );
    return { cart, userErrors };
  },
} satisfies Partial<MutationResolvers>;

/** A token names its cart, whoever has it; without one it is the viewer's. Null when there is neither. */
function ownerOf(viewer: Viewer | null, token: string | null | undefined): CartOwner | null {
  if (typeof token === 'string') return { token };
  return viewer && { userId: viewer.userId };
}

/** @throws Refusal when a line cannot be anybody's */
function knownOwner(viewer: Viewer | null, token: string | null | undefined): CartOwner {
  const owner = ownerOf(viewer, token);
  if (!owner) throw new Refusal(notFound(['lineId']));
  return owner;
}

/** @throws Refusal when it is no id of this type */
function uuidOf(type: string, id: string, field: string): string {
  const uuid = tryFromGlobalId(type, id);
  if (uuid === null) throw new Refusal(notFound([field]));
  return uuid;
}
