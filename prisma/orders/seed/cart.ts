import { cartId, cartLineId } from '../../seed/ids.ts';
import { Random } from '../../seed/random.ts';
import { after, DAY_MS, later, MINUTE_MS, TODAY } from '../../seed/time.ts';
import type { Person } from '../../users/seed/people.ts';
import { type Offer, offersAt, type Shop } from './shop.ts';
import type { CartLineRow, CartRow } from './tables.ts';

/** A cart with its lines. */
export interface CartRecord {
  cart: CartRow;
  lines: CartLineRow[];
}

/** The longest that a cart has been waiting. */
const OLDEST_MS = 30 * DAY_MS;

/** Makes the carts: the demo customer's with three lines, and one for every fifth customer. */
export function makeCarts(shop: Shop): CartRecord[] {
  return shop.customers.flatMap((person, n) => {
    const random = new Random('cart', n);
    const isDemoCustomer = person === shop.demoCustomer;
    if (!isDemoCustomer && !random.chance(0.2)) return [];
    return [cartOf(n, person, isDemoCustomer ? 3 : random.int(1, 5), shop, random)];
  });
}

function cartOf(n: number, { user }: Person, size: number, shop: Shop, random: Random): CartRecord {
  const earliest = later(after(TODAY, -OLDEST_MS), user.createdAt);
  const createdAt = after(earliest, random.fraction() * (TODAY.getTime() - DAY_MS / 2 - earliest.getTime()));
  const cart = { id: cartId(n), userId: user.id, currency: 'USD', createdAt };
  const lines = offersAt(shop, createdAt, size, random, isForSale).map((offer, position) => ({
    id: cartLineId(n, position),
    cartId: cart.id,
    variantId: offer.variant.id,
    quantity: Math.min(available(offer), random.chance(0.8) ? 1 : random.int(2, 3)),
    createdAt: after(createdAt, (position * 40 + random.int(0, 39)) * MINUTE_MS),
  }));
  return {
    cart: { ...cart, updatedAt: lines.map((line) => line.createdAt).reduce(later, createdAt) },
    lines,
  };
}

function isForSale(offer: Offer): boolean {
  return offer.product.status === 'ACTIVE' && available(offer) > 0;
}

function available({ stock }: Offer): number {
  return stock.onHand - stock.reserved;
}
