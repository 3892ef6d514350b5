import { type InputField, type UserError, userError } from '@tributary/subgraph-kit';

/**
 * Less is in stock than was asked for.
 *
 * @param variantId - uuid; null when it no longer exists
 * @param available - pieces that can be had
 */
export const insufficientStock = (
  variantId: string | null,
  available: number,
  field: InputField = null,
): UserError =>
  userError(
    'InsufficientStockError',
    'INSUFFICIENT_STOCK',
    available > 0 ? `Only ${available} can be had.` : 'This is out of stock.',
    field,
    { variant: variantId === null ? null : { variantId }, available },
  );
