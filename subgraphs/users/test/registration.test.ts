import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { AUTHORITY, claimsOf, type FrontDoor, openFrontDoor } from './support/front-door.ts';
import { auditOf, createSession, newcomer, PASSWORD, register, sessionOf } from './support/sessions.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({ REGISTRATIONS_PER_ADDRESS: '5' });
});
afterAll(() => door?.close());

/** Of a network of its own, so that no test uses up another one's tries. */
const elsewhere = (n: number) => ({ address: `203.0.113.${n}` });

describe('registering', () => {
  it('makes an account, and signs in', async () => {
    const signedIn = await register(
      door,
      { email: '  Grace.Hopper@Example.COM ', displayName: ' Grace  ' },
      elsewhere(1),
    );
    const { accessToken, accessTokenExpiresAt, user, refreshToken } = sessionOf(signedIn);
    const row = await door.prisma.user.findUniqueOrThrow({ where: { email: 'grace.hopper@example.com' } });
    expect(row).toMatchObject({ displayName: 'Grace', role: 'CUSTOMER' });
    expect(user).toEqual({ id: toGlobalId('User', row.id), displayName: 'Grace' });
    expect(await door.verify(accessToken)).toMatchObject({ subject: row.id, scopes: ['customer'] });
    const claims = claimsOf(accessToken);
    const session = await door.prisma.session.findFirstOrThrow({ where: { userId: row.id } });
    expect(claims).toMatchObject({ iss: AUTHORITY.issuer, aud: AUTHORITY.audience, sid: session.id });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600);
    expect(new Date(accessTokenExpiresAt).getTime()).toBe(Number(claims.exp) * 1_000);
    expect(refreshToken).toMatch(/^[\w-]{43}$/);
    expect(signedIn.setCookie).toBeNull();
    expect(await auditOf(door, 'grace.hopper@example.com')).toEqual(['user.register', 'session.create']);
  });

  it('keeps neither the password nor the refresh token', async () => {
    const { email, refreshToken } = await newcomer(door);
    const { id } = await door.prisma.user.findUniqueOrThrow({ where: { email } });
    const credential = await door.prisma.credential.findUniqueOrThrow({ where: { userId: id } });
    expect(credential.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const tables = await door.prisma.$queryRaw<{ text: string }[]>`
      SELECT string_agg(t::text, ' ') AS text FROM refresh_tokens t
      UNION ALL SELECT string_agg(s::text, ' ') FROM sessions s
      UNION ALL SELECT string_agg(a::text, ' ') FROM audit_log a
      UNION ALL SELECT string_agg(c::text, ' ') FROM credentials c`;
    expect(tables).toHaveLength(4);
    for (const { text } of tables) {
      expect(text).not.toContain(refreshToken);
      expect(text).not.toContain(Buffer.from(refreshToken).toString('hex'));
      expect(text).not.toContain(PASSWORD);
    }
  });

  it('lets one through of those that come at once with one e-mail address', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => register(door, { email: 'Race@example.com' }, elsewhere(10 + n))),
    );
    expect(answers.filter(({ session }) => session)).toHaveLength(1);
    expect(answers.flatMap(({ refused }) => refused)).toEqual(Array(4).fill('EmailTakenError'));
    expect(answers.flatMap(({ userErrors }) => userErrors)[0]).toMatchObject({
      code: 'EMAIL_TAKEN',
      field: ['email'],
    });
    expect(await door.prisma.user.count({ where: { email: 'race@example.com' } })).toBe(1);
    expect((await createSession(door, { email: 'race@example.com' })).session).not.toBeNull();
  });

  it.each([
    [{ email: 'nobody' }, ['email']],
    [{ email: 'a@b' }, ['email']],
    [{ email: `${'a'.repeat(250)}@example.com` }, ['email']],
    [{ password: 'ninechars' }, ['password']],
    [{ password: '😀'.repeat(9) }, ['password']],
    [{ password: 'x'.repeat(201) }, ['password']],
    [{ password: 'Password123' }, ['password']],
    [{ password: 'Known.Name@example.com', email: 'known.name@example.com' }, ['password']],
    [{ password: 'known.name', email: 'known.name@example.com' }, ['password']],
    [{ displayName: '   ' }, ['displayName']],
    [{ displayName: 'x'.repeat(201) }, ['displayName']],
  ])('refuses %j', async (input, field) => {
    const before = await door.prisma.user.count();
    const { session, userErrors } = await register(door, { email: 'fine@example.com', ...input });
    expect(session).toBeNull();
    expect(userErrors).toEqual([
      expect.objectContaining({ __typename: 'ValidationError', code: 'VALIDATION', field }),
    ]);
    expect(await door.prisma.user.count()).toBe(before);
  });

  it('takes any ten characters, and the same from every keyboard', async () => {
    const { email } = await newcomer(door, { password: ' caf\u00e9 12 ✓ ' });
    expect((await createSession(door, { email, password: ' cafe\u0301 12 ✓ ' })).refused).toEqual([]);
    expect((await createSession(door, { email, password: 'caf\u00e9 12 ✓' })).refused).toEqual([
      'InvalidCredentialsError',
    ]);
  });

  it('is limited for each client address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => register(door, { email: `many${n}@example.com` }, elsewhere(99))),
    );
    expect(answers.filter(({ session }) => session)).toHaveLength(5);
    expect(answers.flatMap(({ refused }) => refused)).toEqual(Array(3).fill('TooManyAttemptsError'));
    const other = await register(door, { email: 'other@example.com' }, elsewhere(98));
    expect(other.refused).toEqual([]);
  });
});
