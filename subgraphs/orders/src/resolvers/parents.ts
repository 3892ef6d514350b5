import type { CartLine, Order, OrderEvent, OrderLine, Payment } from '@tributary/prisma/orders/client';
import type { CountedConnection } from '@tributary/subgraph-kit';
import type { CartRow } from '../services/cart/cart.rows.ts';
import type { OrderStep } from '../services/events/order-steps.ts';
import type { PersonPage } from '../services/person-data.ts';

/** What the resolvers of `User` start from: this subgraph knows no more of a user than the id. */
export interface UserParent {
  /** The user's uuid. */
  userId: string;
}

/** What the resolvers of `ProductVariant` start from: this subgraph knows no more of a variant than the id. */
export interface ProductVariantParent {
  /** The variant's uuid. */
  variantId: string;
}

/** What the resolvers of `Cart` start from. */
export type CartParent = CartRow;

/** What the resolvers of `CartLine` start from. */
export type CartLineParent = CartLine;

/** What the resolvers of `Order` start from. */
export type OrderParent = Order;

/** What the resolvers of `OrderLine` start from: the line, and the currency of its order. */
export type OrderLineParent = OrderLine & Pick<Order, 'currency'>;

/** What the resolvers of `OrderAddress` start from: the order that has the address in its columns. */
export type OrderAddressParent = Order;

/** What the resolvers of `OrderEvent` start from. */
export type OrderEventParent = OrderEvent;

/** What the resolvers of `Payment` start from. */
export type PaymentParent = Payment;

/** What the resolvers of `OrderStatusChangedEvent` start from: the step, and the order that took it. */
export type OrderStatusChangedEventParent = OrderStep & { order: Order };

/** A page of orders that can be counted. */
export type OrderConnectionParent = CountedConnection<Order>;

/** What the resolvers of `PersonData` start from. */
export type PersonDataParent = PersonPage;
