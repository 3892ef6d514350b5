import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimsOf, type FrontDoor, openFrontDoor } from './support/front-door.ts';
import { auditOf, newcomer, refresh, type SignedIn, sessionOf } from './support/sessions.ts';

const AT_ONCE = 50;
const HOUR = 3_600_000; // ms
const DAY = 24 * HOUR;

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor({ REGISTRATIONS_PER_ADDRESS: '1000' });
});
afterAll(() => door?.close());

const winners = (answers: SignedIn[]) => answers.filter(({ session }) => session);
const sessionId = (accessToken: string) => String(claimsOf(accessToken).sid);
const rowOf = (accessToken: string) =>
  door.prisma.session.findUniqueOrThrow({ where: { id: sessionId(accessToken) } });
const over = { session: null, refused: ['SessionExpiredError'] };

describe('a refresh', () => {
  it('gives new tokens of the same session, and goes on with the new one only', async () => {
    const first = await newcomer(door);
    const second = sessionOf(await refresh(door, first.refreshToken));
    expect(second.user).toEqual(first.user);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(sessionId(second.accessToken)).toBe(sessionId(first.accessToken));
    const third = sessionOf(await refresh(door, second.refreshToken));
    expect(third.refreshToken).not.toBe(second.refreshToken);
    expect(await door.verify(third.accessToken)).toMatchObject({ scopes: ['customer'] });
  });

  it('has one winner among those that come at once, and the winner goes on', async () => {
    const another = await door.openAnother();
    try {
      for (let round = 0; round < 6; round++) {
        const { refreshToken, email } = await newcomer(door);
        // In one process, or in two behind one gateway, which says when a request came in.
        const doors = round % 2 ? [door, another] : [door, door];
        const received = round % 2 ? { receivedAt: new Date() } : {};
        const answers = await Promise.all(
          Array.from({ length: AT_ONCE }, (_, n) => refresh(doors[n % 2] ?? door, refreshToken, received)),
        );
        expect(winners(answers)).toHaveLength(1);
        const losers = answers.filter(({ session }) => !session);
        expect(new Set(losers.map(({ refused }) => refused.join()))).toEqual(
          new Set(['SessionExpiredError']),
        );
        const won = sessionOf(winners(answers)[0] as SignedIn);
        const next = sessionOf(await refresh(door, won.refreshToken));
        expect(await auditOf(door, email)).not.toContain('session.reuse');

        // Now the old token once more, after somebody has gone on: whoever sends it has it from somewhere.
        expect(await refresh(door, refreshToken)).toMatchObject(over);
        expect(await refresh(door, next.refreshToken)).toMatchObject(over);
        expect(await refresh(door, won.refreshToken)).toMatchObject(over);
        expect(await rowOf(won.accessToken)).toMatchObject({ revokedReason: 'reuse' });
        expect((await auditOf(door, email)).filter((action) => action === 'session.reuse')).toHaveLength(1);
      }
    } finally {
      await another.close();
    }
  });

  it('of an old token ends no other session of the user', async () => {
    const { refreshToken, email } = await newcomer(door);
    const user = await door.prisma.user.findUniqueOrThrow({ where: { email } });
    const now = new Date();
    const other = await door.prisma.session.create({
      data: {
        userId: user.id,
        refreshTokenIn: 'BODY',
        createdAt: now,
        lastUsedAt: now,
        expiresAt: new Date(now.getTime() + HOUR),
      },
    });
    sessionOf(await refresh(door, refreshToken));
    expect(await refresh(door, refreshToken)).toMatchObject(over);
    expect(await auditOf(door, email)).toContain('session.reuse');
    expect(await door.prisma.session.findUnique({ where: { id: other.id } })).toMatchObject({
      revokedAt: null,
    });
  });

  it('with a used token ends the session, unless it was sent before the new one was there', async () => {
    const earlier = { receivedAt: new Date() };
    const first = await newcomer(door);
    const next = sessionOf(await refresh(door, first.refreshToken));
    // It was sent before the exchange, and has only been slow.
    expect(await refresh(door, first.refreshToken, earlier)).toMatchObject(over);
    const newest = sessionOf(await refresh(door, next.refreshToken));
    expect(await refresh(door, next.refreshToken)).toMatchObject(over);
    expect(await refresh(door, newest.refreshToken)).toMatchObject(over);
    expect(await rowOf(newest.accessToken)).toMatchObject({ revokedReason: 'reuse' });
  });

  it('knows the role of now', async () => {
    const { email, refreshToken } = await newcomer(door);
    await door.prisma.user.update({ where: { email }, data: { role: 'STAFF' } });
    const { accessToken } = sessionOf(await refresh(door, refreshToken));
    expect(await door.verify(accessToken)).toMatchObject({ scopes: ['staff'] });
  });

  it('moves the end of the session on, up to the longest that one may last', async () => {
    const { accessToken, refreshToken, refreshTokenExpiresAt } = await newcomer(door);
    const { id, createdAt, expiresAt } = await rowOf(accessToken);
    expect(expiresAt.getTime() - createdAt.getTime()).toBe(30 * DAY);
    expect(refreshTokenExpiresAt).toBe(expiresAt.toISOString());
    const longAgo = new Date(createdAt.getTime() - 80 * DAY);
    await door.prisma.session.update({ where: { id }, data: { createdAt: longAgo } });
    const last = sessionOf(await refresh(door, refreshToken));
    expect(new Date(last.refreshTokenExpiresAt).getTime()).toBe(longAgo.getTime() + 90 * DAY);
  });

  it.each([
    ['was revoked', { revokedAt: new Date(), revokedReason: 'signed_out' }],
    ['is over', { expiresAt: new Date(Date.now() - 1_000) }],
  ])('is refused when the session %s', async (_case, data) => {
    const { accessToken, refreshToken } = await newcomer(door);
    await door.prisma.session.update({ where: { id: sessionId(accessToken) }, data });
    expect(await refresh(door, refreshToken)).toMatchObject(over);
    const tokens = await door.prisma.refreshToken.findMany({
      where: { sessionId: sessionId(accessToken) },
    });
    expect(tokens).toHaveLength(1);
  });

  it('is refused when the user was erased', async () => {
    const { email, refreshToken } = await newcomer(door);
    await door.prisma.user.update({ where: { email }, data: { email: null, erasedAt: new Date() } });
    expect(await refresh(door, refreshToken)).toMatchObject(over);
  });

  it.each([
    ['none', null],
    ['an empty one', ''],
    ['nonsense', 'nonsense'],
    ['one that never was', 'x'.repeat(43)],
    ['a long one', 'ü'.repeat(10_000)],
  ])('is refused to who brings %s', async (_case, token) => {
    expect(await refresh(door, token)).toMatchObject(over);
  });
});

describe('a refresh token in a cookie', () => {
  const NAME = '__Host-tributary-refresh';
  const cookieOf = (setCookie: string | null) => setCookie?.split(';')[0] ?? '';

  it('is not in the answer, and comes again with each refresh', async () => {
    const first = await newcomer(door, { refreshTokenIn: 'COOKIE' });
    expect(first.refreshToken).toBe('');
    const [pair, ...attributes] = (first.setCookie ?? '').split('; ');
    expect(pair).toMatch(new RegExp(`^${NAME}=[\\w-]{43}$`));
    const maxAge = Number(attributes.find((text) => text.startsWith('Max-Age='))?.slice(8));
    expect(Math.abs(maxAge - 30 * 86_400)).toBeLessThan(60);
    expect(attributes.filter((text) => !text.startsWith('Max-Age=')).sort()).toEqual([
      'HttpOnly',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    const second = await refresh(door, null, { cookie: `theme=dark; ${cookieOf(first.setCookie)}` });
    expect(second.session).toMatchObject({ refreshToken: null, user: first.user });
    expect(cookieOf(second.setCookie)).not.toBe(cookieOf(first.setCookie));
    const third = await refresh(door, null, { cookie: cookieOf(second.setCookie) });
    expect(third.refused).toEqual([]);
    // Where it is kept was said at the sign-in, also when it comes in the input.
    const inInput = await refresh(door, cookieOf(third.setCookie).slice(NAME.length + 1));
    expect(inInput.session).toMatchObject({ refreshToken: null });
    expect(cookieOf(inInput.setCookie)).toMatch(NAME);
  });

  it('is forgotten when it is good for nothing, and kept by who has lost a race', async () => {
    const { setCookie } = await newcomer(door, { refreshTokenIn: 'COOKIE' });
    const cookie = cookieOf(setCookie);
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(door, null, { cookie })));
    expect(winners(answers)).toHaveLength(1);
    for (const { session, setCookie: answered } of answers) expect(answered === null).toBe(session === null);
    const replayed = await refresh(door, null, { cookie });
    expect(replayed).toMatchObject(over);
    expect(replayed.setCookie).toMatch(new RegExp(`^${NAME}=; Max-Age=0;`));
  });

  it('stays as it is when a token in the input is refused', async () => {
    const { setCookie } = await newcomer(door, { refreshTokenIn: 'COOKIE' });
    const refused = await refresh(door, 'nonsense', { cookie: cookieOf(setCookie) });
    expect(refused).toMatchObject({ ...over, setCookie: null });
    expect((await refresh(door, null, { cookie: cookieOf(setCookie) })).refused).toEqual([]);
  });
});
