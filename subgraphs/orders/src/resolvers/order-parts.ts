import { money, toGlobalId } from '@tributary/subgraph-kit';
import type {
  OrderEventResolvers,
  OrderLineResolvers,
  ProductVariantResolvers,
} from '../generated/schema-types.ts';

export const OrderLine: OrderLineResolvers = {
  id: (line) => toGlobalId('OrderLine', line.id),
  variant: ({ variantId }) => ({ variantId }),
  unitPrice: (line) => money(line.unitPriceMinor, line.currency),
  lineTotal: (line) => money(line.unitPriceMinor * BigInt(line.quantity), line.currency),
};

export const OrderEvent: OrderEventResolvers = {
  id: (event) => toGlobalId('OrderEvent', event.id),
  from: (event) => event.fromStatus,
  to: (event) => event.toStatus,
  actor: ({ actorId }) => (actorId === null ? null : { userId: actorId }),
};

export const ProductVariant: ProductVariantResolvers = {
  id: ({ variantId }) => toGlobalId('ProductVariant', variantId),
};
