import { beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import {
  ANONYMOUS_CALLER,
  type Caller,
  createAccessTokenVerifier,
  createCallerSigner,
  createCallerVerifier,
  createSigningKey,
  OtherRegion,
  publicKeySet,
  type SigningKey,
  signAccessToken,
} from '../src/index.ts';

const AUTHORITY = { issuer: 'https://issuer.test', audience: 'shop' };
const SUBJECT = '00000000-0000-7000-8000-000000000001';
const IDENTITY = { subject: SUBJECT, scopes: ['customer', 'staff'], sessionId: 'session-1' };

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

describe('an assertion of who asks', () => {
  const secret = 'shared by the gateway and the subgraphs';
  const sign = createCallerSigner(secret);
  const verify = createCallerVerifier(secret);
  const caller: Caller = {
    identity: { ...IDENTITY, email: 'zoë@shop.test', name: 'Zoë' },
    service: null,
    clientAddress: '192.0.2.1',
  };

  it.each<[string, Caller]>([
    ['a user', caller],
    ['nobody', ANONYMOUS_CALLER],
    ['a client that is nobody', { ...ANONYMOUS_CALLER, clientAddress: '2001:db8::1' }],
    ['a service', { ...ANONYMOUS_CALLER, service: 'orders' }],
    ['a service, for a user', { ...caller, service: 'orders', clientAddress: null }],
  ])('tells a subgraph that it is %s', async (_who, asking) => {
    expect(await verify(await sign(asking))).toEqual(asking);
  });

  it('is signed once for a caller, and never shared between two', async () => {
    const first = await sign(caller);
    expect(await sign({ ...caller })).toBe(first);
    const others: Caller[] = [
      { ...caller, service: 'orders' },
      { ...caller, clientAddress: '192.0.2.2' },
      { ...caller, identity: { ...IDENTITY, subject: 'another' } },
      { ...caller, identity: { ...IDENTITY, scopes: ['customer'] } },
      { ...caller, identity: { ...IDENTITY, sessionId: 'session-2' } },
      ANONYMOUS_CALLER,
    ];
    expect(new Set([first, ...(await Promise.all(others.map(sign)))]).size).toBe(others.length + 1);
  });

  it('is refused from another region, and taken where one of both says no region', async () => {
    const [ours, theirs] = [createCallerSigner(secret, 'ca'), createCallerSigner(secret, 'eu')];
    const inCanada = createCallerVerifier(secret, 'ca');
    expect(await inCanada(await ours(caller))).toEqual(caller);
    expect(await inCanada(await sign(caller))).toEqual(caller);
    expect(await createCallerVerifier(secret)(await theirs(caller))).toEqual(caller);
    for (let times = 0; times < 2; times++)
      await expect(inCanada(await theirs(caller))).rejects.toThrow(OtherRegion);
  });

  it('is refused when somebody else signed it, each time', async () => {
    const forged = await createCallerSigner('a secret that was guessed, and wrong')(caller);
    await expect(verify(forged)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    await expect(verify(forged)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });
});
