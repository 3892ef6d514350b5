import { type CurrencyCode, money } from '@tributary/subgraph-kit';

/** Where each range of prices but the first begins, in minor units. */
export const PRICE_BOUNDS = [1_000, 2_500, 5_000, 10_000] as const;

/** A range of prices by its number, as PostgreSQL's `width_bucket` counts them: 0 lies below the first bound. */
interface PriceRange {
  min: number;
  /** Null for the last range. */
  max: number | null;
}

function priceRange(index: number): PriceRange {
  const next = PRICE_BOUNDS[index];
  return { min: PRICE_BOUNDS[index - 1] ?? 0, max: next === undefined ? null : next - 1 };
}

/** A range for a filter, such as `USD:1000-2499`. */
export function priceRangeValue(currency: CurrencyCode, index: number): string {
  const { min, max } = priceRange(index);
  return `${currency}:${min}-${max ?? ''}`;
}

/** A range for display, such as `$10.00 – $24.99`. */
export function priceRangeLabel(currency: CurrencyCode, index: number): string {
  const { min, max } = priceRange(index);
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const display = (minorUnits: number) => format.format(Number(money(minorUnits, currency).amount));
  return max === null ? `${display(min)} and more` : `${display(min)} – ${display(max)}`;
}
