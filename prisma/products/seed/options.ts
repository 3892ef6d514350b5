/** What tells one variant from the others of its product. */
export interface Option {
  /** The variant's title, such as `Navy / M`. */
  title: string;
  /** Ends the stock-keeping unit, such as `NVY-M`. */
  code: string;
  /** Its price as a multiple of the product's. */
  factor: number;
}

const COLOURS = options(
  1,
  'Black BLK, White WHT, Navy NVY, Sage SGE, Sand SND, Rust RST, Slate SLT, Forest FOR, Cream CRM, Ochre OCH, Plum PLM, Sky SKY',
);
const CLOTHING_SIZES = options(1, 'S S, M M, L L, XL XL, XS XS, XXL XXL');
const SHOE_SIZES = options(
  1,
  'EU 41 41, EU 42 42, EU 43 43, EU 40 40, EU 39 39, EU 38 38, EU 44 44, EU 37 37, EU 45 45, EU 36 36, EU 46 46, EU 47 47',
);
const CHILD_SIZES = options(1, '92 092, 98 098, 104 104, 110 110, 116 116, 86 086');

/** The options of products with only one thing to choose, the usual ones first. */
const SINGLE = {
  colour: COLOURS,
  shoe: SHOE_SIZES,
  size: options(1.3, 'Small S, Medium M, Large L, Extra Large XL'),
  pack: options(1.85, 'Single P1, Pack of 2 P2, Pack of 4 P4, Pack of 6 P6'),
  bed: options(1.2, 'Single SGL, Double DBL, King KNG, Super King SKG'),
  rug: options(
    1.8,
    '60 × 90 cm R60, 80 × 150 cm R80, 120 × 180 cm R120, 160 × 230 cm R160, 200 × 300 cm R200',
  ),
  kit: options(1.25, 'Body Only BDY, With Case CSE, Travel Kit TRV, Creator Kit CRE'),
  capacity: options(1.65, '256 GB G256, 512 GB G512, 1 TB T1, 2 TB T2, 4 TB T4'),
  screen: options(1.3, '24 inch I24, 27 inch I27, 32 inch I32, 34 inch I34'),
  volume: options(1.15, '18 l V18, 24 l V24, 32 l V32, 45 l V45, 60 l V60'),
  persons: options(1.3, '1 Person N1, 2 Persons N2, 3 Persons N3, 4 Persons N4, 6 Persons N6'),
  length: options(1.1, 'Short SH, Regular RG, Long LG, Long & Wide LW'),
} as const;

/** The options of products that come in sizes and colours. */
const SIZED = { clothing: CLOTHING_SIZES, child: CHILD_SIZES } as const;

/** What the variants of a product differ in. */
export type OptionKind = keyof typeof SINGLE | keyof typeof SIZED;

/** How many variants a product of this kind may have at most; at least 4. */
export function mostOptions(kind: OptionKind): number {
  return kind in SIZED ? 12 : Math.min(8, SINGLE[kind as keyof typeof SINGLE].length);
}

/**
 * The options of a product with this many variants, in the order in which a shop shows them.
 * @param count - from 1 to `mostOptions(kind)`
 * @param colours - all colours, those that the product comes in first
 */
export function optionsOf(kind: OptionKind, count: number, colours: readonly Option[]): Option[] {
  if (count === 1 && kind !== 'capacity') return [{ title: 'Standard', code: 'STD', factor: 1 }];
  if (kind === 'colour') return colours.slice(0, count);
  const sizes: readonly Option[] =
    kind in SIZED ? SIZED[kind as keyof typeof SIZED] : SINGLE[kind as keyof typeof SINGLE];
  if (!(kind in SIZED)) return inShopOrder(sizes.slice(0, count));
  // The fewest colours that leave every one of them with at most six sizes.
  const shown = colours.slice(0, Math.ceil(count / sizes.length));
  const perColour = Math.ceil(count / shown.length);
  const grid = shown.flatMap((colour) =>
    inShopOrder(sizes.slice(0, perColour)).map((size) => both(colour, size)),
  );
  return grid.slice(0, count);
}

/** All colours, for `optionsOf` to choose from. */
export const ALL_COLOURS: readonly Option[] = COLOURS;

function both(colour: Option, size: Option): Option {
  return {
    title: `${colour.title} / ${size.title}`,
    code: `${colour.code}-${size.code}`,
    factor: colour.factor * size.factor,
  };
}

const SHOP_ORDER = ['XS', 'S', 'M', 'L', 'XL', 'XXL'];

/** Sizes from the smallest; options whose codes are no sizes keep their order, which is that of their price. */
function inShopOrder(sizes: readonly Option[]): Option[] {
  const rank = ({ code }: Option) => (SHOP_ORDER.includes(code) ? SHOP_ORDER.indexOf(code) : Number(code));
  return sizes.every((size) => Number.isFinite(rank(size)))
    ? [...sizes].sort((a, b) => rank(a) - rank(b))
    : [...sizes];
}

/**
 * Options from a list of titles, each followed by its code.
 * @param step - how much more each costs than the one before it, as a factor
 */
function options(step: number, list: string): Option[] {
  return list.split(', ').map((entry, index) => {
    const space = entry.lastIndexOf(' ');
    return { title: entry.slice(0, space), code: entry.slice(space + 1), factor: step ** index };
  });
}
