import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createCleanUpSessions } from '../src/jobs/clean-up-sessions.ts';
import { claimsOf, type FrontDoor, openFrontDoor } from './support/front-door.ts';
import { createSession, newcomer, refresh } from './support/sessions.ts';

const DAY = 86_400_000; // ms

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door?.close());

const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

it('deletes sessions and their tokens a month after they ended, and tries that are over', async () => {
  const { prisma } = door;
  const ended = {
    open: {},
    overForLong: { expiresAt: daysAgo(31) },
    overOfLate: { expiresAt: daysAgo(29) },
    revokedForLong: { revokedAt: daysAgo(31), revokedReason: 'signed_out' },
    revokedOfLate: { revokedAt: daysAgo(29), revokedReason: 'signed_out' },
  };
  const sessions = new Map<string, string>();
  for (const [name, data] of Object.entries(ended)) {
    const { accessToken, refreshToken } = await newcomer(door);
    await refresh(door, refreshToken);
    const id = String(claimsOf(accessToken).sid);
    await prisma.session.update({ where: { id }, data });
    sessions.set(id, name);
  }
  await createSession(door, { email: 'tried@example.com' });
  const tries = await prisma.attempt.count();
  await prisma.attempt.create({ data: { key: 'account:over', points: 3, expire: Date.now() - 1_000 } });

  await createCleanUpSessions(prisma)();

  const left = await prisma.session.findMany({ include: { refreshTokens: true } });
  expect(left.map(({ id }) => sessions.get(id)).sort()).toEqual(['open', 'overOfLate', 'revokedOfLate']);
  for (const { refreshTokens } of left) expect(refreshTokens).toHaveLength(2);
  expect(await prisma.refreshToken.count()).toBe(6);
  expect(await prisma.attempt.count()).toBe(tries);
});
