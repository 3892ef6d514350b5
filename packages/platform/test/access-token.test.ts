import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { ASYMMETRIC_ALGORITHMS, createAccessTokenVerifier, type TokenRules } from '../src/index.ts';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'shop';
const SUBJECT = '00000000-0000-7000-8000-000000000001';
const RULES: TokenRules = { issuer: ISSUER, audience: AUDIENCE };

type SigningPair = Awaited<ReturnType<typeof generateKeyPair>>;

const pairs = new Map<string, { privateKey: SigningPair['privateKey']; jwk: JWK }>();

beforeAll(async () => {
  for (const alg of ASYMMETRIC_ALGORITHMS) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    pairs.set(alg, { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: alg, alg } });
  }
});

const now = () => Math.floor(Date.now() / 1_000);

/** Verifies a token that is right but for what is given. */
async function read(
  claims: Record<string, unknown>,
  {
    rules = {},
    typ = 'at+jwt',
    alg = 'ES256',
  }: { rules?: Partial<TokenRules>; typ?: string | null; alg?: string } = {},
) {
  const pair = pairs.get(alg);
  if (!pair) throw new Error(`no key for ${alg}`);
  const token = await new SignJWT({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: SUBJECT,
    iat: now(),
    exp: now() + 60,
    ...claims,
  })
    .setProtectedHeader({ alg, kid: alg, ...(typ !== null && { typ }) })
    .sign(pair.privateKey);
  const verify = createAccessTokenVerifier(
    { keys: [...pairs.values()].map(({ jwk }) => jwk) },
    { ...RULES, ...rules },
  );
  return verify(token);
}

const REFUSED = { code: expect.stringMatching(/^ERR_J/) };

describe('the algorithm', () => {
  it.each(ASYMMETRIC_ALGORITHMS.map((alg) => [alg]))(
    '%s is accepted when it is listed, and only then',
    async (alg) => {
      expect(await read({}, { alg, rules: { algorithms: [alg] } })).toMatchObject({ subject: SUBJECT });
      const algorithms = ASYMMETRIC_ALGORITHMS.filter((other) => other !== alg);
      await expect(read({}, { alg, rules: { algorithms } })).rejects.toMatchObject(REFUSED);
    },
  );
});

describe('the type', () => {
  it.each([['at+jwt'], ['JWT'], ['jwt'], ['application/at+jwt'], [null]])('%j is accepted', async (typ) => {
    expect(await read({}, { typ })).toMatchObject({ subject: SUBJECT });
  });

  it.each([['logout+jwt'], ['dpop+jwt'], ['refresh+jwt'], ['']])('%j is refused', async (typ) => {
    await expect(read({}, { typ })).rejects.toMatchObject(REFUSED);
  });
});

describe('a token', () => {
  it.each<[string, Record<string, unknown>]>([
    ['is for several, among them us', { aud: ['bank', AUDIENCE] }],
    ['was issued a day ago', { iat: now() - 86_400 }],
    ['comes from a clock that is a little ahead', { iat: now() + 3, nbf: now() + 3 }],
  ])('that %s is accepted', async (_what, claims) => {
    expect(await read(claims)).toMatchObject({ subject: SUBJECT });
  });

  it.each<[string, Record<string, unknown>]>([
    ['is for others', { aud: ['bank', 'shops'] }],
    ['is for nobody', { aud: [] }],
    ['never ends', { exp: undefined }],
    ['has ended', { exp: now() - 10 }],
    ['has not begun', { nbf: now() + 60 }],
    ['comes from the future', { iat: now() + 60 }],
    ['is about nobody', { sub: '' }],
    ['has no subject', { sub: undefined }],
    ['has a number for a subject', { sub: 7 }],
    ['comes from a longer issuer', { iss: `${ISSUER}/` }],
  ])('that %s is refused', async (_what, claims) => {
    await expect(read(claims)).rejects.toMatchObject(REFUSED);
  });
});

describe('scopes', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['scope', { scope: 'customer  staff' }, ['customer', 'staff']],
    ['scope', { scope: ['customer', 'staff', 7] }, ['customer', 'staff']],
    ['scope', {}, []],
    ['realm_access.roles', { realm_access: { roles: ['admin'] }, scope: 'staff' }, ['admin']],
    ['realm_access.roles', { realm_access: 'admin' }, []],
    ['realm_access.roles', { realm_access: null }, []],
    ['https://shop.test/roles', { 'https://shop.test/roles': ['admin'] }, ['admin']],
    ['constructor.name', {}, []],
    ['scope', { scope: ['shop admin', '', 'staff\tadmin'] }, []],
  ])('are read from %s of %j', async (scopeClaim, claims, scopes) => {
    expect(await read(claims, { rules: { scopeClaim } })).toEqual({ subject: SUBJECT, scopes });
  });
});

describe('what is known of the user', () => {
  it('is taken over', async () => {
    const profile = { email: 'zoë@shop.test', email_verified: true, name: 'Zoë', sid: 'session-1' };
    expect(await read(profile)).toEqual({
      subject: SUBJECT,
      scopes: [],
      email: 'zoë@shop.test',
      name: 'Zoë',
      sessionId: 'session-1',
    });
  });

  it.each<[Record<string, unknown>]>([
    [{ email: 'a@shop.test' }],
    [{ email: 'a@shop.test', email_verified: false }],
    [{ email: 'a@shop.test', email_verified: 'true' }],
    [{ email: ['a@shop.test'], email_verified: true }],
    [{ email: `${'a'.repeat(250)}@shop.test`, email_verified: true }],
    [{ name: 'x'.repeat(201) }],
    [{ name: { given: 'Zoë' } }],
    [{ name: '', sid: 7 }],
  ])('is left out in %j', async (claims) => {
    expect(await read(claims)).toEqual({ subject: SUBJECT, scopes: [] });
  });

  it('has a UUID for an id, whatever the issuer calls its users', async () => {
    const { subject } = await read({ sub: 'auth0|5f7c8ec7' });
    expect(subject).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    expect(await read({ sub: 'auth0|5f7c8ec7' })).toMatchObject({ subject });
  });
});
