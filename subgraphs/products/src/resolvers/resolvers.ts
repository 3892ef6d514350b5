import type { Resolvers } from '../generated/schema-types.ts';
import { Cart, CartLine } from './cart.ts';
import { Category } from './category.ts';
import { Facet } from './facet.ts';
import { Inventory } from './inventory.ts';
import { Product } from './product.ts';
import { ProductVariant } from './product-variant.ts';
import { Query } from './query.ts';

/** All resolvers of the products subgraph. */
export const resolvers: Resolvers = {
  Query,
  Product,
  ProductVariant,
  Inventory,
  Category,
  Facet,
  Cart,
  CartLine,
};
