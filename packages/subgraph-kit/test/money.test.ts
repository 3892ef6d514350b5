import { expect, it } from '@jest/globals';
import { minorUnits, money } from '../src/index.ts';

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

it.each([
  ['12.50', 'USD', 1_250],
  ['12.5', 'EUR', 1_250],
  ['12', 'GBP', 1_200],
  ['0.29', 'USD', 29], // 0.29 * 100 is 28.999999999999996
  ['1.100', 'USD', 110],
  ['980', 'JPY', 980],
  ['980.00', 'JPY', 980],
  ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
  ['90071992547409.92', 'USD', null],
  ['1.005', 'USD', null],
  ['0.5', 'JPY', null],
  ['-1', 'USD', null],
  ['1,50', 'EUR', null],
  ['1e2', 'USD', null],
  ['.5', 'USD', null],
  ['', 'USD', null],
] as const)('%s of %s are %s minor units', (amount, currency, units) => {
  expect(minorUnits(amount, currency)).toBe(units);
});
