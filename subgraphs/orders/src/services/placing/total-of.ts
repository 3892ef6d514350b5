import type { CurrencyCode } from '@tributary/prisma/orders/client';
import { Refusal, validationError } from '@tributary/subgraph-kit';
import type { ReservedLine } from '../inventory.ts';

/** What an order costs. */
export interface Total {
  minorUnits: bigint;
  currency: CurrencyCode;
}

const MOST = BigInt(Number.MAX_SAFE_INTEGER);

/** @throws Refusal when the lines are priced in several currencies, or the sum is beyond 2^53 − 1 */
export function totalOf([first, ...others]: readonly ReservedLine[]): Total {
  if (!first) throw new Error('an order without lines');
  const { currency } = first;
  if (others.some((line) => line.currency !== currency))
    throw new Refusal(
      validationError(null, 'What the cart holds is priced in several currencies; order them one by one.'),
    );
  const minorUnits = [first, ...others].reduce(
    (sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * BigInt(quantity),
    0n,
  );
  if (minorUnits > MOST) throw new Refusal(validationError(null, 'This is too much for one order.'));
  return { minorUnits, currency };
}
