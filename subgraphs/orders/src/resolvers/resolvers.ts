import type { Resolvers } from '../generated/schema-types.ts';
import { Cart, CartLine } from './cart.ts';
import { Mutation } from './mutation.ts';
import { Order, OrderAddress } from './order.ts';
import { OrderEvent, OrderLine, ProductVariant } from './order-parts.ts';
import { Payment } from './payment.ts';
import { Query } from './query.ts';
import { Subscription } from './subscription.ts';
import { User } from './user.ts';

/** All resolvers of the orders subgraph. */
export const resolvers: Resolvers = {
  Query,
  Mutation,
  Subscription,
  User,
  Cart,
  CartLine,
  Order,
  OrderAddress,
  OrderLine,
  OrderEvent,
  Payment,
  ProductVariant,
};
