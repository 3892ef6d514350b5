import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O or U, so that a number survives being read out on the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A number for an order, such as `TR-2K7D-93QF`: 40 random bits, of which nobody else has the same only most likely. */
export function newOrderNumber(): string {
  // 256 is a multiple of 32, so that every digit is as likely as another.
  const digits = [...randomBytes(8)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `TR-${digits.slice(0, 4)}-${digits.slice(4)}`;
}
