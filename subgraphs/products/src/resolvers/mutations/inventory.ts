import { settle, tryFromGlobalId } from '@tributary/subgraph-kit';
import type { MutationResolvers } from '../../generated/schema-types.ts';
import { signedIn } from '../signed-in.ts';

/** Changes of what is in stock, and for whom it is kept. */
export const inventoryMutations = {
  inventoryAdjust: async (_parent, { input }, { viewer, inventory, loaders, audit }) => {
    const { value, userErrors } = await settle(() =>
      inventory.adjust(
        signedIn(viewer).userId,
        { ...input, variantId: tryFromGlobalId('ProductVariant', input.variantId) },
        audit,
      ),
    );
    const variant = value && (await loaders.variantById.load(value.variantId));
    return { variant, onHandAfter: value?.onHandAfter ?? null, userErrors };
  },

  inventoryReserve: async (_parent, { input }, { inventory }) => {
    const { value, userErrors } = await settle(() =>
      inventory.reserve({
        orderId: orderIdOf(input),
        expiresInSeconds: input.expiresInSeconds,
        lines: input.lines.map(({ variantId, quantity }) => ({
          variantId: tryFromGlobalId('ProductVariant', variantId),
          quantity,
        })),
      }),
    );
    return { lines: value?.lines ?? null, expiresAt: value?.expiresAt ?? null, userErrors };
  },

  inventoryConfirm: async (_parent, { input }, { inventory }) => {
    const { value: status, userErrors } = await settle(() => inventory.confirm(orderIdOf(input)));
    return { status, userErrors };
  },

  inventoryRelease: async (_parent, { input }, { inventory }) => {
    const { value: status, userErrors } = await settle(() => inventory.release(orderIdOf(input)));
    return { status, userErrors };
  },
} satisfies Partial<MutationResolvers>;

const orderIdOf = ({ orderId }: { orderId: string }): string | null => tryFromGlobalId('Order', orderId);
