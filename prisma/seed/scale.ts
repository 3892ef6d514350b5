import { StartupError } from '@tributary/platform';

/** How many of the main things a scale makes. */
export interface Volumes {
  products: number;
  /** Always four times the products; a single product has between 1 and 12. */
  variants: number;
  users: number;
  orders: number;
}

const LARGEST_SCALE = 100;

/** What the smallest scale still holds: the demo customer's orders, and an order in every state. */
const LEAST = { products: 10, users: 12, orders: 75 };

/**
 * The number of things at a scale: 1 is 1,000 products, 4,000 variants, 2,000 users and 10,000 orders, 10 is ten
 * times that, 0.02 a fiftieth, though never less than what the demo accounts need.
 * @param scale - more than 0, at most 100
 * @throws StartupError when it is not
 */
export function volumesOf(scale: number): Volumes {
  if (!(scale > 0 && scale <= LARGEST_SCALE)) {
    throw new StartupError(
      `--scale: must be a number above 0 and at most ${LARGEST_SCALE}, such as 1 or 0.1`,
    );
  }
  const products = Math.max(LEAST.products, Math.round(1_000 * scale));
  return {
    products,
    variants: 4 * products,
    users: Math.max(LEAST.users, Math.round(2_000 * scale)),
    orders: Math.max(LEAST.orders, Math.round(10_000 * scale)),
  };
}
