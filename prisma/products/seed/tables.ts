import type { Table } from '../../seed/table.ts';

/** Whether a product is prepared, sold, or no longer sold. */
export type ProductStatus = 'DRAFT' | 'ACTIVE' | 'ARCHIVED';

/** The store's only currency; all prices are in its minor units, cents. */
export const CURRENCY = 'USD';

export interface CategoryRow {
  id: string;
  slug: string;
  name: string;
  parentId: string | null;
}

export interface ProductRow {
  id: string;
  slug: string;
  title: string;
  description: string;
  status: ProductStatus;
  categoryId: string;
  currency: typeof CURRENCY;
  minPriceMinor: number;
  maxPriceMinor: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface VariantRow {
  id: string;
  productId: string;
  sku: string;
  title: string;
  priceMinor: number;
  position: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface InventoryRow {
  variantId: string;
  onHand: number;
  reserved: number;
}

export const categories: Table<CategoryRow> = {
  name: 'categories',
  columns: { id: 'uuid', slug: 'text', name: 'text', parentId: 'uuid' },
};

export const products: Table<ProductRow> = {
  name: 'products',
  columns: {
    id: 'uuid',
    slug: 'text',
    title: 'text',
    description: 'text',
    status: '"ProductStatus"',
    categoryId: 'uuid',
    currency: '"CurrencyCode"',
    minPriceMinor: 'bigint',
    maxPriceMinor: 'bigint',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
};

export const variants: Table<VariantRow> = {
  name: 'product_variants',
  columns: {
    id: 'uuid',
    productId: 'uuid',
    sku: 'text',
    title: 'text',
    priceMinor: 'bigint',
    position: 'integer',
    createdAt: 'timestamptz',
    updatedAt: 'timestamptz',
  },
};

export const inventory: Table<InventoryRow> = {
  name: 'inventory',
  columns: { variantId: 'uuid', onHand: 'integer', reserved: 'integer' },
};
