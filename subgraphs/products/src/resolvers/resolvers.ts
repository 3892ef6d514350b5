import type { Resolvers } from '../generated/schema-types.ts';
import { Cart, CartLine } from './cart.ts';
import { Category } from './category.ts';
import { Facet } from './facet.ts';
import { ImportRun } from './import-run.ts';
import { Inventory } from './inventory.ts';
import { Mutation } from './mutation.ts';
import { Product } from './product.ts';
import { ProductConnection } from './product-connection.ts';
import { ProductVariant } from './product-variant.ts';
import { Query } from './query.ts';
import { ReservedLine, VariantOffer } from './reservation.ts';
import { Subscription } from './subscription.ts';

/** All resolvers of the products subgraph. */
export const resolvers: Resolvers = {
  Query,
  Mutation,
  Subscription,
  Product,
  ProductConnection,
  ProductVariant,
  Inventory,
  ImportRun,
  Category,
  Facet,
  Cart,
  CartLine,
  VariantOffer,
  ReservedLine,
};
