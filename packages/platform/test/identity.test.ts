import { beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import {
  createAccessTokenVerifier,
  createIdentitySigner,
  createIdentityVerifier,
  createSigningKey,
  publicKeySet,
  type SigningKey,
  signAccessToken,
} from '../src/index.ts';

const AUTHORITY = { issuer: 'https://issuer.test', audience: 'shop' };
const IDENTITY = { subject: 'somebody', scopes: ['customer', 'staff'] };

describe('an access token', () => {
  let key: SigningKey;
  let verify: ReturnType<typeof createAccessTokenVerifier>;
  beforeAll(async () => {
    key = await createSigningKey('current');
    verify = createAccessTokenVerifier(publicKeySet([key, await createSigningKey('next')]), AUTHORITY);
  });

  it('tells who asks, and what they may do', async () => {
    expect(await verify(await signAccessToken(IDENTITY, key, AUTHORITY, 60))).toEqual(IDENTITY);
  });

  it('publishes nothing of a private key', () => {
    expect(JSON.stringify(publicKeySet([key]))).not.toContain(key.d);
  });

  it.each<[string, () => Promise<string>]>([
    ['is too old', () => signAccessToken(IDENTITY, key, AUTHORITY, -60)],
    ['is for somebody else', () => signAccessToken(IDENTITY, key, { ...AUTHORITY, audience: 'bank' }, 60)],
    [
      'comes from somebody else',
      () => signAccessToken(IDENTITY, key, { ...AUTHORITY, issuer: 'https://evil.test' }, 60),
    ],
    [
      'was signed by a stranger',
      async () => signAccessToken(IDENTITY, await createSigningKey('stranger'), AUTHORITY, 60),
    ],
    [
      'was signed by a stranger under our key’s name',
      async () => signAccessToken(IDENTITY, await createSigningKey('current'), AUTHORITY, 60),
    ],
    ['has no signature', async () => unsigned().encode()],
    ['was signed with the public key as a secret', () => confused(key)],
    ['was changed', async () => tampered(await signAccessToken(IDENTITY, key, AUTHORITY, 60))],
    ['is no token', async () => 'nonsense'],
  ])('is refused when it %s', async (_why, token) => {
    await expect(verify(await token())).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_J/) });
  });

  const unsigned = () =>
    new UnsecuredJWT({})
      .setSubject('somebody')
      .setIssuer(AUTHORITY.issuer)
      .setAudience(AUTHORITY.audience)
      .setExpirationTime('1m');
  const confused = ({ x = '' }: SigningKey) =>
    new SignJWT({ scope: 'admin' })
      .setProtectedHeader({ alg: 'HS256', kid: 'current' })
      .setSubject('somebody')
      .setIssuer(AUTHORITY.issuer)
      .setAudience(AUTHORITY.audience)
      .setExpirationTime('1m')
      .sign(Buffer.from(x, 'base64url'));
  const tampered = (token: string) => {
    const [header, payload = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return [
      header,
      Buffer.from(JSON.stringify({ ...claims, scope: 'admin' })).toString('base64url'),
      signature,
    ].join('.');
  };
});

describe('an assertion of identity', () => {
  const secret = 'shared by the gateway and the subgraphs';
  const sign = createIdentitySigner(secret);
  const verify = createIdentityVerifier(secret);

  it('tells a subgraph who asks, or that nobody does', async () => {
    expect(await verify(await sign(IDENTITY))).toEqual(IDENTITY);
    expect(await verify(await sign(null))).toBeNull();
  });

  it('is signed once for a viewer, and never shared between two', async () => {
    expect(await sign(IDENTITY)).toBe(await sign({ ...IDENTITY }));
    expect(await sign(IDENTITY)).not.toBe(await sign({ ...IDENTITY, subject: 'another' }));
    expect(await sign(IDENTITY)).not.toBe(await sign({ ...IDENTITY, scopes: ['customer'] }));
  });

  it('is refused when somebody else signed it, each time', async () => {
    const forged = await createIdentitySigner('a secret that was guessed, and wrong')(IDENTITY);
    await expect(verify(forged)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    await expect(verify(forged)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });
});
