/** Crockford's base 32: no I, L, O or U, so that a number survives being read out on the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const BITS = 40n;
/** Odd, so that multiplying by it gives every number of 40 bits exactly once. */
const MULTIPLIER = 0x9e3779b97fn;
const OFFSET = 0x5bd1e9955bn;

/** The number that people call the n-th order by, such as `TR-2K7D-93QF`: no two are the same, and none tells n. */
export function orderNumber(n: number): string {
  let rest = BigInt.asUintN(Number(BITS), BigInt(n) * MULTIPLIER + OFFSET);
  let digits = '';
  for (let at = 0; at < 8; at++) {
    digits = `${ALPHABET[Number(rest & 31n)]}${digits}`;
    rest >>= 5n;
  }
  return `TR-${digits.slice(0, 4)}-${digits.slice(4)}`;
}
