import { describe, expect, it } from '@jest/globals';
import { userIdOf, uuidV5 } from '../src/identity/user-id.ts';

describe('a UUIDv5', () => {
  it.each([
    [
      'of RFC 9562, appendix A.4',
      '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      'www.example.com',
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    ],
    [
      'of Python’s manual',
      '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      'python.org',
      '886313e1-3b8a-5372-9b90-0c9aee199e5d',
    ],
    [
      'of a name that is not ASCII',
      '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
      'Zoë',
      '09d53766-7e1d-5682-8909-e6066807d50d',
    ],
  ])('%s', (_source, namespace, name, expected) => {
    expect(uuidV5(namespace, name)).toBe(expected);
  });
});

describe('the user id of a subject', () => {
  const ISSUER = 'https://issuer.test';
  const ID = '0190a5f2-0000-7000-8000-0123456789ab';

  it('is the subject when that is a UUID in lower case', () => {
    expect(userIdOf(ISSUER, ID)).toBe(ID);
  });

  it('follows from the issuer and any other subject', () => {
    const id = userIdOf(ISSUER, 'auth0|5f7c8ec7c33c6c004bbafe82');
    expect(id).toBe('0f9b4946-682b-547a-b54a-bb2d95dc1634');
    expect(userIdOf('https://other.test', 'auth0|5f7c8ec7c33c6c004bbafe82')).not.toBe(id);
  });

  it.each([[ID.toUpperCase()], [`${ID} `], [`{${ID}}`], ['1'], ['x'.repeat(10_000)], ['\u0000']])(
    'is a UUID for %j, and another one',
    (subject) => {
      const id = userIdOf(ISSUER, subject);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(id).not.toBe(ID);
    },
  );
});
