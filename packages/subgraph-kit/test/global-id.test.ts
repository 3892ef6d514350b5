import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromGlobalId, InputError, toGlobalId, tryFromGlobalId } from '../src/index.ts';

describe('a global id', () => {
  it('leads back to the object', () => {
    for (let n = 0; n < 100; n += 1) {
      const uuid = randomUUID();
      expect(fromGlobalId('Order', toGlobalId('Order', uuid), 'id')).toBe(uuid);
    }
  });

  const id = toGlobalId('Order', '01912345-6789-7abc-8def-0123456789ab');
  it.each([
    ['of another type', toGlobalId('User', '01912345-6789-7abc-8def-0123456789ab')],
    ['of a type whose name starts alike', toGlobalId('OrderLine', '01912345-6789-7abc-8def-0123456789ab')],
    ['empty', ''],
    ['not base64url', `${id.slice(0, -1)}+`],
    ['padded', `${id}=`],
    ['with something behind it', `${id}AA`],
    ['of no uuid', Buffer.from('Order:1').toString('base64url')],
    ['of a uuid in upper case', toGlobalId('Order', '01912345-6789-7ABC-8DEF-0123456789AB')],
    ['endless', 'T'.repeat(100_000)],
    ['missing', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', {}],
  ])('is refused when it is %s', (_what, wrong) => {
    expect(tryFromGlobalId('Order', wrong)).toBeNull();
    expect(() => fromGlobalId('Order', wrong, 'id')).toThrow(InputError);
  });

  it('has one form only, so that one object has one id', () => {
    // The last character holds bits that a lenient decoder ignores.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const accepted = [...alphabet].filter(
      (last) => tryFromGlobalId('Order', `${id.slice(0, -1)}${last}`) !== null,
    );
    expect(accepted.length).toBeLessThanOrEqual(16);
    for (const last of accepted) {
      const variant = `${id.slice(0, -1)}${last}`;
      expect(toGlobalId('Order', tryFromGlobalId('Order', variant) as string)).toBe(variant);
    }
  });
});
