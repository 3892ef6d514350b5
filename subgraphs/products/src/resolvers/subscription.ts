import { fromGlobalId, missing } from '@tributary/subgraph-kit';
import type { Context } from '../context.ts';
import type { SubscriptionResolvers } from '../generated/schema-types.ts';
import type { StockState } from '../services/events/stock-states.ts';
import { maySeeVariant } from '../services/visibility.ts';

export const Subscription: SubscriptionResolvers = {
  stockChanged: {
    subscribe: (_parent, { variantIds }, { viewer, stockSubscriptions }) =>
      stockSubscriptions.ofVariants(
        viewer,
        variantIds.map((id) => fromGlobalId('ProductVariant', id, 'variantIds')),
      ),
    async resolve(state: StockState, _args: object, { viewer, loaders }: Context) {
      const variant = await loaders.variantById.load(state.variantId);
      if (!variant || !maySeeVariant(viewer, variant)) throw missing('The variant is not there any more.');
      // The stock that the number is of, though there be a newer one by now: that is told next.
      loaders.inventoryOfVariant.prime(variant.id, state.inventory);
      return { variant, sequence: state.sequence };
    },
  },
};
