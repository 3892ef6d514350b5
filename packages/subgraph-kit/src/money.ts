/** Digits after the decimal point, by ISO 4217 currency. */
const MINOR_DIGITS = { EUR: 2, GBP: 2, JPY: 0, USD: 2 } as const;

export type CurrencyCode = keyof typeof MINOR_DIGITS;

/** The GraphQL type `Money`. */
export interface Money {
  /** In the currency's smallest unit. */
  minorUnits: number;
  /** The same as a decimal string. */
  amount: string;
  currency: CurrencyCode;
}

/**
 * @param minorUnits - as PostgreSQL's BIGINT comes, or as JavaScript computed it
 * @throws RangeError beyond ±(2^53 − 1), where a JavaScript number would no longer be exact
 */
export function money(minorUnits: bigint | number, currency: CurrencyCode): Money {
  const units = Number(minorUnits);
  if (!Number.isSafeInteger(units)) throw new RangeError('amount of money out of range');
  return { minorUnits: units, amount: decimal(units, MINOR_DIGITS[currency]), currency };
}

function decimal(units: number, digits: number): string {
  if (digits === 0) return String(units);
  const text = String(Math.abs(units)).padStart(digits + 1, '0');
  return `${units < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * The amount that a decimal number means, exactly.
 *
 * @param amount - digits, perhaps with a point and more digits, such as `12.50`; zeros at its end mean nothing
 * @returns minor units; null for what is no amount of the currency, such as parts of a cent
 */
export function minorUnits(amount: string, currency: CurrencyCode): number | null {
  const [, whole, written = ''] = /^(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  const fraction = written.replace(/0+$/, '');
  const digits = MINOR_DIGITS[currency];
  if (whole === undefined || fraction.length > digits) return null;
  const units = Number(whole + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(units) ? units : null;
}
