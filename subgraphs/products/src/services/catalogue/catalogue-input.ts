import { text } from '@tributary/subgraph-kit';
import { z } from 'zod';

/** Bounds of what the catalogue holds; carts of 100 lines with 999 pieces each stay below 2^53 minor units. */
export const MAX_PRICE = 10_000_000_000; // minor units
const MAX_TITLE = 200; // characters
const MAX_DESCRIPTION = 5_000; // characters
const MAX_SLUG = 200; // characters
const MAX_SKU = 64; // characters
export const MAX_VARIANTS = 100;
const MAX_COUNTED = 1_000_000_000; // pieces

/** A name in web addresses. */
export const slug = z
  .string()
  .max(MAX_SLUG, `At most ${MAX_SLUG} characters.`)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'Use lower-case letters, digits and single hyphens, such as rain-jacket.',
  );

export const title = text({ max: MAX_TITLE });
export const description = text({ min: 0, max: MAX_DESCRIPTION });

/** What the warehouse calls a variant. */
export const sku = z
  .string()
  .regex(
    new RegExp(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,${MAX_SKU - 1}}$`),
    `Use letters, digits and . _ / -, at most ${MAX_SKU} of them, and begin with a letter or digit.`,
  );

export const currency = z.enum(['EUR', 'GBP', 'JPY', 'USD']);
export const status = z.enum(['DRAFT', 'ACTIVE', 'ARCHIVED']);

/** A price in its currency's smallest unit. */
export const minorUnits = z
  .int()
  .min(0, 'A price cannot be negative.')
  .max(MAX_PRICE, `At most ${MAX_PRICE} minor units.`);

export const price = z.object({ minorUnits, currency });

/** Pieces in the warehouse. */
export const onHand = z
  .int()
  .min(0, 'There cannot be fewer than none.')
  .max(MAX_COUNTED, `At most ${MAX_COUNTED} pieces.`);

export const variantInput = z.object({ sku, title, price, onHand });
export type VariantInput = z.output<typeof variantInput>;
