import { fromGlobalId, money } from '@tributary/subgraph-kit';
import { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { CartLineResolvers, CartResolvers } from '../generated/schema-types.ts';
import { lineTotal, lineTotalsByCurrency, type PricedLine } from '../services/cart-pricing.ts';
import type { CartLineParent } from './parents.ts';

export const Cart: CartResolvers = {
  subtotal: async ({ lines }, _args, { loaders }) => {
    const totals = lineTotalsByCurrency(await Promise.all(lines.map((line) => priced(line, loaders))));
    if (totals.length > 1) {
      throw new GraphQLError('The cart holds prices in several currencies.', {
        extensions: { code: 'MIXED_CURRENCIES' },
      });
    }
    const [total] = totals;
    return total ? money(total.minorUnits, total.currency) : null;
  },
};

export const CartLine: CartLineResolvers = {
  lineTotal: async (line, _args, { loaders }) => {
    const total = lineTotal(await priced(line, loaders));
    return total && money(total.minorUnits, total.currency);
  },
};

const priced = async (
  { quantity, variant }: CartLineParent,
  loaders: Context['loaders'],
): Promise<PricedLine> => ({
  quantity,
  variant: variant
    ? await loaders.variantById.load(fromGlobalId('ProductVariant', variant.id, 'variant.id'))
    : null,
});
