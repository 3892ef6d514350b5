import { type InputField, type UserError, userError } from '@tributary/subgraph-kit';
import type { Variant } from '../variant.rows.ts';

/**
 * Less is in stock than was asked for.
 *
 * @param available - pieces that can be had
 */
export const insufficientStock = (
  variant: Variant | null,
  available: number,
  field: InputField = null,
): UserError =>
  userError(
    'InsufficientStockError',
    'INSUFFICIENT_STOCK',
    available > 0 ? `Only ${available} can be had.` : 'This is out of stock.',
    field,
    { variant, available },
  );

/** @param field - what the key is for, or the key */
export const idempotencyKeyReused = (field: InputField): UserError =>
  userError(
    'IdempotencyKeyReusedError',
    'IDEMPOTENCY_KEY_REUSED',
    'This was used for another request.',
    field,
  );
