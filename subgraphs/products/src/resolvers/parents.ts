import type { Category, ImportRun, Inventory, Product } from '@tributary/prisma/products/client';
import type { CountedConnection } from '@tributary/subgraph-kit';
import type { Facet } from '../services/facets.ts';
import type { VariantOffer } from '../services/inventory/offers.ts';
import type { ReservedLine } from '../services/inventory/reservation.service.ts';
import type { Variant } from '../services/variant.rows.ts';

/** What the resolvers of `Product` start from. */
export type ProductParent = Product;

/** What the resolvers of `ProductVariant` start from. */
export type ProductVariantParent = Variant;

/** What the resolvers of `Category` start from. */
export type CategoryParent = Category;

/** A page of products that can be counted, as a whole and by property. */
export interface ProductConnectionParent extends CountedConnection<Product> {
  facets: () => Promise<readonly Facet[]>;
}

/** What the resolvers of `Inventory` start from. */
export type InventoryParent = Inventory;

/** How products divide; categories still have their uuids. */
export type FacetParent = Facet;

/** What the resolvers of `ImportRun` start from. */
export type ImportRunParent = ImportRun;

/** What the resolvers of `VariantOffer` start from. */
export type VariantOfferParent = VariantOffer;

/** What the resolvers of `ReservedLine` start from. */
export type ReservedLineParent = ReservedLine;

/** A line of a cart as the orders subgraph knows it; the variant is null once it no longer exists. */
export interface CartLineParent {
  quantity: number;
  variant?: { id: string } | null;
}

/** A cart as the orders subgraph knows it. */
export interface CartParent {
  lines: readonly CartLineParent[];
}
