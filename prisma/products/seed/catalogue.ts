import { productId } from '../../seed/ids.ts';
import { Random } from '../../seed/random.ts';
import { slugOf, UniqueNames } from '../../seed/text.ts';
import { after, DAY_MS, HOUR_MS, OPENING, TODAY } from '../../seed/time.ts';
import { LEAVES, type Leaf } from './category-tree.ts';
import { mostOptions } from './options.ts';
import { CURRENCY, type ProductRow, type ProductStatus } from './tables.ts';
import { basePrice, type Stocked, variantsOf } from './variants.ts';

/** A product with its variants, in their order. */
export interface Item {
  product: ProductRow;
  variants: Stocked[];
}

/** The assortment of the first day, all of it still sold. */
const FIRST_PRODUCTS = 8;

/** Products between which the numbers of variants are evened out. */
const BLOCK = 10;

/** Makes the products, sorted by the time they were created, with four variants each on average. */
export function makeCatalogue(count: number): Item[] {
  const slugs = new UniqueNames('-');
  const leaves = Array.from({ length: count }, (_, n) => leafOf(n));
  const items: Item[] = [];
  let firstVariant = 0;
  for (const [n, variantCount] of variantCounts(leaves).entries()) {
    items.push(itemOf(n, count, leaves[n] as Leaf, { first: firstVariant, count: variantCount }, slugs));
    firstVariant += variantCount;
  }
  return items;
}

/** Every category gets as many products as the others: each round of 36 deals them out anew. */
function leafOf(n: number): Leaf {
  const round = new Random('categories', Math.floor(n / LEAVES.length)).shuffle(LEAVES);
  return round[n % LEAVES.length] as Leaf;
}

/** How many variants each product has: what suits its kind, evened out so that every block averages four. */
function variantCounts(leaves: readonly Leaf[]): number[] {
  const counts: number[] = [];
  for (let start = 0; start < leaves.length; start += BLOCK) {
    const random = new Random('variant counts', start);
    const most = leaves.slice(start, start + BLOCK).map((leaf) => mostOptions(leaf.words.options));
    counts.push(
      ...evenedOut(
        most.map((limit) => random.int(1, Math.min(limit, 8))),
        most,
        4 * most.length,
      ),
    );
  }
  return counts;
}

/** The counts changed one by one, the most extreme first, until they add up to `total`. */
function evenedOut(counts: number[], most: readonly number[], total: number): number[] {
  const result = [...counts];
  let missing = total - result.reduce((sum, count) => sum + count, 0);
  while (missing !== 0) {
    const room = result.map((count, index) => (missing > 0 ? (most[index] ?? 0) - count : count - 1));
    const widest = room.indexOf(Math.max(...room));
    result[widest] = (result[widest] ?? 0) + Math.sign(missing);
    missing -= Math.sign(missing);
  }
  return result;
}

function itemOf(
  n: number,
  total: number,
  leaf: Leaf,
  range: { first: number; count: number },
  slugs: UniqueNames,
): Item {
  const random = new Random('product', n);
  const { words, department } = leaf;
  const title = titleOf(leaf, random, slugs);
  const createdAt = createdAtOf(n, total, random);
  const status = statusOf(n, random);
  const updatedAt = random.chance(0.6)
    ? after(createdAt, random.fraction() * (TODAY.getTime() - createdAt.getTime()))
    : createdAt;
  const frame = { id: productId(n), createdAt, updatedAt, status };
  const variants = variantsOf(n, frame, words, basePrice(words.price, random), range);
  const prices = variants.map(({ variant }) => variant.priceMinor);
  const product: ProductRow = {
    ...frame,
    slug: slugs.claim(slugOf(title)),
    title,
    description: [...random.shuffle(words.details).slice(0, 2), random.pick(department.closings)].join(' '),
    categoryId: leaf.category.id,
    currency: CURRENCY,
    minPriceMinor: Math.min(...prices),
    maxPriceMinor: Math.max(...prices),
  };
  return { product, variants };
}

/** How often a title that is taken is made up anew before it is used twice. */
const TITLE_ATTEMPTS = 10;

function titleOf({ words, department }: Leaf, random: Random, slugs: UniqueNames): string {
  for (let attempt = 1; ; attempt++) {
    const title = `${random.pick(department.lines)} ${random.pick(words.styles)} ${random.pick(words.nouns)}`;
    if (attempt === TITLE_ATTEMPTS || !slugs.has(slugOf(title))) return title;
  }
}

/** A third of the assortment comes within two months, before the first order; the rest until yesterday. */
function createdAtOf(n: number, total: number, random: Random): Date {
  if (n < FIRST_PRODUCTS) return after(OPENING, n * HOUR_MS);
  const start = after(OPENING, DAY_MS);
  const share = (n - FIRST_PRODUCTS + random.fraction()) / (total - FIRST_PRODUCTS);
  const early = 1 / 3;
  const days =
    share < early ? 60 * (share / early) : 60 + (daysUntilYesterday - 60) * ((share - early) / (1 - early));
  return after(start, days * DAY_MS);
}

const daysUntilYesterday = (TODAY.getTime() - OPENING.getTime()) / DAY_MS - 2;

function statusOf(n: number, random: Random): ProductStatus {
  if (n < FIRST_PRODUCTS) return 'ACTIVE';
  const draw = random.fraction();
  if (draw < 0.04) return 'DRAFT';
  return draw < 0.09 ? 'ARCHIVED' : 'ACTIVE';
}
