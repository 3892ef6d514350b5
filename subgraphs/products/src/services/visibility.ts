import type { Product } from '@tributary/prisma/products/client';
import { hasRole, type Viewer } from '@tributary/subgraph-kit';
import type { Variant } from './variant.rows.ts';

/** Whether a viewer sees products that are not on sale. */
export const seesEveryStatus = (viewer: Viewer | null): boolean => hasRole(viewer, 'STAFF');

/** Whether a viewer may look a product up: those that are not on sale are for staff. */
export const maySeeProduct = (viewer: Viewer | null, product: Product): boolean =>
  product.status === 'ACTIVE' || seesEveryStatus(viewer);

/**
 * Whether a viewer may look a variant up. More than the product: an order or a cart goes on showing what it
 * holds after the product was archived. Nobody could order a draft.
 */
export const maySeeVariant = (viewer: Viewer | null, variant: Pick<Variant, 'productStatus'>): boolean =>
  variant.productStatus !== 'DRAFT' || seesEveryStatus(viewer);
