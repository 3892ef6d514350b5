import type { OptionKind } from '../options.ts';

/** A kind of thing that is sold, and the words that its titles and descriptions are put together from. */
export interface CategoryVocabulary {
  name: string;
  /** Three letters that start the stock-keeping units. */
  code: string;
  /** What the things are called. */
  nouns: readonly string[];
  /** What stands before the noun: a material, a make, a purpose. */
  styles: readonly string[];
  /** Sentences about the thing, each true of every noun and style. */
  details: readonly string[];
  /** What its variants differ in. */
  options: OptionKind;
  /** Usual prices in whole dollars: the lowest and the highest. */
  price: readonly [number, number];
}

/** A top-level category. */
export interface Department {
  name: string;
  /** The makers' lines, which titles begin with. */
  lines: readonly string[];
  /** Sentences that end a description. */
  closings: readonly string[];
  categories: readonly CategoryVocabulary[];
}

/** A vocabulary from lists in one text each: nouns and styles parted by commas, details by line breaks. */
export function category(
  name: string,
  code: string,
  price: readonly [number, number],
  options: OptionKind,
  words: { nouns: string; styles: string; details: string },
): CategoryVocabulary {
  return {
    name,
    code,
    price,
    options,
    nouns: words.nouns.split(', '),
    styles: words.styles.split(', '),
    details: words.details.split('\n').map((line) => line.trim()),
  };
}
