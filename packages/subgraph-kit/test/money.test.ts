import { expect, it } from '@jest/globals';
import { money } from '../src/index.ts';

it.each([
  [123_456n, 'USD', '1234.56'],
  [5n, 'EUR', '0.05'],
  [0n, 'GBP', '0.00'],
  [-5n, 'USD', '-0.05'],
  [-123_45, 'USD', '-123.45'],
  [980n, 'JPY', '980'],
  [BigInt(Number.MAX_SAFE_INTEGER), 'USD', '90071992547409.91'],
] as const)('%s minor units of %s are %s', (minorUnits, currency, amount) => {
  expect(money(minorUnits, currency)).toEqual({ minorUnits: Number(minorUnits), amount, currency });
});

it('is never approximate', () => {
  expect(() => money(2n ** 53n, 'USD')).toThrow(RangeError);
  expect(() => money(0.1, 'USD')).toThrow(RangeError);
});
