/** One who writes reviews. */
export interface User {
  id: string;
  name: string;
  username: string;
}

/** A thing that is sold and reviewed. */
export interface Product {
  upc: string;
  name: string;
  weight: number;
  price: number;
  inStock: boolean;
}

/** What a user thinks of a product. */
export interface Review {
  id: string;
  body: string;
  rating: number;
  authorId: string;
  upc: string;
}

const USERS = 100;
const PRODUCTS = 1_000;
const REVIEWS = 3; // by each user
const AUTHORS_OF_BEST_SELLERS = 6;
const BEST_SELLERS = 3;

const ADJECTIVES = ['Ergonomic', 'Handmade', 'Rustic', 'Sleek', 'Vintage', 'Refined', 'Practical'];
const THINGS = [
  'Oak Table',
  'Corner Couch',
  'Desk Lamp',
  'Swivel Chair',
  'Steel Kettle',
  'Wall Shelf',
  'Round Mirror',
];
const OPINIONS = [
  'Love it, so does the cat!',
  'Too expensive for what it is.',
  'Could be better.',
  'Prefer something else.',
  'As it was described.',
];

/** The nth of some texts, from the start again after the last. */
const nth = (texts: readonly string[], n: number): string => texts[n % texts.length] ?? '';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Users by id, in order. */
export const users: ReadonlyMap<string, User> = new Map(
  numbers(USERS).map((n) => [
    `u${n}`,
    {
      id: `u${n}`,
      name: `${nth(['Ada', 'Grace', 'Edsger', 'Barbara'], n)} Example ${n}`,
      username: `user${n}@example.com`,
    },
  ]),
);

/** Products by UPC, the best sold first. */
export const products: ReadonlyMap<string, Product> = new Map(
  numbers(PRODUCTS).map((n) => [
    `p${n}`,
    {
      upc: `p${n}`,
      name: `${nth(ADJECTIVES, n)} ${nth(THINGS, n)}`,
      weight: 100 + ((n * 37) % 900),
      price: 899 + ((n * 131) % 2_000),
      inStock: n % 3 !== 0,
    },
  ]),
);

/**
 * Three reviews by each user. The first users write about the best sellers, each of which so has several reviews; the
 * others about products that are theirs alone, so that their answers stay short.
 */
export const reviews: readonly Review[] = numbers(USERS).flatMap((user) =>
  numbers(REVIEWS).map((which) => {
    const n = (user - 1) * REVIEWS + which;
    const product = user <= AUTHORS_OF_BEST_SELLERS ? 1 + ((user + which) % BEST_SELLERS) : n;
    return {
      id: `r${n}`,
      body: nth(OPINIONS, n),
      rating: 1 + (n % 5),
      authorId: `u${user}`,
      upc: `p${product}`,
    };
  }),
);
