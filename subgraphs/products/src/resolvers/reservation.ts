import { money } from '@tributary/subgraph-kit';
import type { ReservedLineResolvers, VariantOfferResolvers } from '../generated/schema-types.ts';

export const VariantOffer: VariantOfferResolvers = {
  sku: ({ variant }) => variant.sku,
  unitPrice: ({ variant }) => money(variant.priceMinor, variant.currency),
  onSale: ({ variant }) => variant.productStatus === 'ACTIVE',
};

export const ReservedLine: ReservedLineResolvers = {
  unitPrice: ({ unitPriceMinor, currency }) => money(unitPriceMinor, currency),
};
