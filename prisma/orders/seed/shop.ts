import type { Item } from '../../products/seed/catalogue.ts';
import type { Stocked } from '../../products/seed/variants.ts';
import { Random } from '../../seed/random.ts';
import { countUntil } from '../../seed/time.ts';
import { DEMO, type Person } from '../../users/seed/people.ts';

/** Something that can be bought: a variant with its product. */
export interface Offer extends Stocked, Pick<Item, 'product'> {}

/** Who buys, who works and what is sold, as the other two databases have it. */
export interface Shop {
  /** The demo customer. */
  demoCustomer: Person;
  /** Everybody who may buy, the demo customer too, by the time of their registration. */
  customers: readonly Person[];
  /** Those who were there from the start and fulfil orders. */
  staff: readonly Person[];
  /** What is or was sold, by the time it was first offered. */
  items: readonly Item[];
}

/** Puts together what orders and carts are made of. */
export function openShop(people: readonly Person[], catalogue: readonly Item[]): Shop {
  return {
    demoCustomer: people[DEMO.customer] as Person,
    customers: people.filter(({ user }) => user.role === 'CUSTOMER'),
    staff: people.filter(({ user }) => user.role === 'STAFF'),
    items: catalogue.filter(({ product }) => product.status !== 'DRAFT'),
  };
}

/** Somebody who was registered by then. */
export function customerAt(shop: Shop, moment: Date, random: Random): Person {
  const count = countUntil(shop.customers, moment, ({ addresses }) => addresses[0].createdAt);
  return shop.customers[random.int(0, count - 1)] as Person;
}

/**
 * Different variants that were sold by then, the popular ones more often.
 * @param wanted - how many; fewer come back only when fewer suit
 * @param suits - which may be taken
 */
export function offersAt(
  shop: Shop,
  moment: Date,
  wanted: number,
  random: Random,
  suits: (offer: Offer) => boolean = () => true,
): Offer[] {
  const count = countUntil(shop.items, moment, ({ product }) => product.createdAt);
  const chosen = new Map<string, Offer>();
  for (let attempt = 0; chosen.size < wanted && attempt < 20 * wanted; attempt++) {
    const { product, variants } = popularItem(shop, count, random);
    const offer = { product, ...random.pick(variants) };
    if (suits(offer)) chosen.set(offer.variant.id, offer);
  }
  return [...chosen.values()];
}

/** The more popular one of two. */
function popularItem(shop: Shop, count: number, random: Random): Item {
  const [a, b] = [random.int(0, count - 1), random.int(0, count - 1)];
  return shop.items[popularity(a) > popularity(b) ? a : b] as Item;
}

function popularity(index: number): number {
  return new Random('popularity', index).fraction();
}
