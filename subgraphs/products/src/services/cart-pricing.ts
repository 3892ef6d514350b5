import type { CurrencyCode } from '@tributary/subgraph-kit';
import type { Variant } from './variant.rows.ts';

/** An amount in the currency's smallest unit. */
export interface Amount {
  minorUnits: bigint;
  currency: CurrencyCode;
}

/** Pieces of a variant in a cart; null once the variant no longer exists. */
export interface PricedLine {
  quantity: number;
  variant: Variant | null;
}

/** Price of a line at the catalogue's price now; null when the variant is not on sale. */
export function lineTotal({ quantity, variant }: PricedLine): Amount | null {
  if (variant?.productStatus !== 'ACTIVE') return null;
  return { minorUnits: variant.priceMinor * BigInt(quantity), currency: variant.currency };
}

/** Sums of the lines that are on sale, one for each currency among them. */
export function lineTotalsByCurrency(lines: readonly PricedLine[]): Amount[] {
  const sums = new Map<CurrencyCode, bigint>();
  for (const line of lines) {
    const total = lineTotal(line);
    if (total) sums.set(total.currency, (sums.get(total.currency) ?? 0n) + total.minorUnits);
  }
  return [...sums].map(([currency, minorUnits]) => ({ currency, minorUnits }));
}
