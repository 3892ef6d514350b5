import { Random } from './random.ts';

/** The moment in the first id of every kind; the n-th follows n milliseconds later. */
const EPOCH_MS = Date.parse('2024-09-01T00:00:00.000Z');

/** Room for the lines, steps or addresses of one parent: their ids are counted in blocks of this size. */
const BLOCK = 16;

/** Makes the function that tells the n-th id of a kind. */
function idsOf(kind: string): (n: number) => string {
  return (n) => uuidV7(EPOCH_MS + n, new Random(`id of ${kind}`, n));
}

/** Makes the function that tells the id of the n-th parent's part at `position`. */
function partIdsOf(kind: string): (n: number, position: number) => string {
  const idOf = idsOf(kind);
  return (n, position) => {
    if (position >= BLOCK)
      throw new RangeError(`${kind} ${position} of one parent: at most ${BLOCK} have an id`);
    return idOf(n * BLOCK + position);
  };
}

/**
 * A UUID version 7 (RFC 9562): 48 bits of time, 74 random bits. Ids of one kind sort by their number.
 * @param milliseconds - since 1970
 */
function uuidV7(milliseconds: number, random: Random): string {
  const time = hex(milliseconds, 12);
  const a = hex(random.int(0, 0xfff), 3);
  const b = hex(random.int(0x8000, 0xbfff), 4); // The two highest bits, 10, are the RFC's variant.
  const c = hex(random.uint32(), 8) + hex(random.int(0, 0xffff), 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${b}-${c}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** The id of the n-th user, from 0; 0 is the demo customer, 1 the demo staff member, 2 the demo administrator. */
export const userId = idsOf('user');
/** The id of the n-th user's address at a position, from 0. */
export const addressId = partIdsOf('address');
/** The id of the n-th category, from 0; parents come before their children. */
export const categoryId = idsOf('category');
/** The id of the n-th product, from 0. */
export const productId = idsOf('product');
/** The id of the n-th variant of all, from 0; a product's variants follow each other. */
export const variantId = idsOf('variant');
/** The id of the n-th order, from 0, the oldest. */
export const orderId = idsOf('order');
/** The id of the n-th order's line at a position, from 0. */
export const orderLineId = partIdsOf('order line');
/** The id of the n-th order's event at a position, from 0. */
export const orderEventId = partIdsOf('order event');
/** The id of the n-th customer's cart, staff not counted; 0 is the demo customer's. */
export const cartId = idsOf('cart');
/** The id of the line at a position, from 0, in the n-th customer's cart. */
export const cartLineId = partIdsOf('cart line');
