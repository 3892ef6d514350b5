import type { CartLine } from './buyers.ts';
import type { Offer } from './catalogue.ts';

/** How many buy at once, and what. */
export interface CheckoutScenario {
  name: string;
  /** Buyers at once, each with a connection. */
  buyers: number;
  /** The cart of the n-th buyer, from 0. */
  cartOf(n: number): CartLine[];
}

/** @param offers - what is on sale, two variants at least */
export function checkoutScenarios(offers: readonly Offer[]): CheckoutScenario[] {
  const line = (place: number, quantity: number): CartLine[] => {
    const offer = offers[place % offers.length];
    return offer ? [{ ...offer, quantity }] : [];
  };
  // As many buyers as there are pairs of variants have nothing in common.
  const cartOf = (n: number) => [...line(2 * n, 1), ...line(2 * n + 1, 2)];
  return [
    { name: '1 buyer', buyers: 1, cartOf },
    { name: '16 buyers', buyers: 16, cartOf },
    { name: '64 buyers', buyers: 64, cartOf },
    { name: '64 buyers, one variant', buyers: 64, cartOf: () => line(0, 1) },
  ];
}
