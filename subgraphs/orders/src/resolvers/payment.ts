import { money } from '@tributary/subgraph-kit';
import type { PaymentResolvers } from '../generated/schema-types.ts';

export const Payment: PaymentResolvers = {
  amount: (payment) => money(payment.amountMinor, payment.currency),
  // What came past the provider cannot have gone back through it: that was money which came twice.
  refunded: (payment) => money(payment.receivedByHand ? 0 : payment.refundedMinor, payment.currency),
};
