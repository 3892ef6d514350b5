import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer, type TestViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { customer, userId, userRow } from './support/fixtures.ts';

/** Users 1 and 2 are administrators, 3 is staff, 4 a customer. */
const ROLES = ['ADMIN', 'ADMIN', 'STAFF', 'CUSTOMER'] as const;
const admin = (n: number): TestViewer => ({ userId: userId(n), role: 'ADMIN' });
const later = new Date(Date.now() + 86_400_000);

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
});
afterAll(() => community.close());
beforeEach(async () => {
  const { prisma } = community;
  await prisma.user.deleteMany();
  await prisma.user.createMany({ data: ROLES.map((role, n) => userRow(n + 1, { role })) });
  await prisma.credential.createMany({
    data: ROLES.map((_, n) => ({ userId: userId(n + 1), passwordHash: 'x', changedAt: new Date() })),
  });
  await prisma.session.createMany({
    data: ROLES.map((_, n) => ({
      userId: userId(n + 1),
      refreshTokenIn: 'BODY' as const,
      createdAt: new Date(),
      lastUsedAt: new Date(),
      expiresAt: later,
    })),
  });
});

const assign = async (viewer: TestViewer | null, user: string, role: string) => {
  const { data, errors } = await community.ask<{
    userRoleAssign: { user: { role: string } | null; userErrors: object[] } | null;
  }>(
    viewer,
    `mutation ($input: UserRoleAssignInput!) { userRoleAssign(input: $input) {
      user { role } userErrors { __typename ... on UserError { code field } } } }`,
    { input: { userId: user, role } },
  );
  return { payload: data.userRoleAssign, codes: errors?.map(({ extensions }) => extensions?.code) ?? [] };
};
const idOf = (n: number) => toGlobalId('User', userId(n));
const roles = async () =>
  (await community.prisma.user.findMany({ orderBy: { id: 'asc' } })).map(({ role }) => role);
const openSessions = (n: number) =>
  community.prisma.session.count({ where: { userId: userId(n), revokedAt: null } });
const LAST = { __typename: 'LastAdminError', code: 'LAST_ADMIN', field: null };

describe('userRoleAssign', () => {
  it('promotes, and leaves the sessions', async () => {
    expect(await assign(admin(1), idOf(4), 'STAFF')).toEqual({
      payload: { user: { role: 'STAFF' }, userErrors: [] },
      codes: [],
    });
    expect(await openSessions(4)).toBe(1);
    const entries = await community.prisma.auditEntry.findMany({
      where: { subjectId: userId(4), action: 'user.role.assign' },
    });
    expect(entries).toEqual([
      expect.objectContaining({
        actorId: userId(1),
        actorRole: 'ADMIN',
        subjectType: 'User',
        details: { from: 'CUSTOMER', to: 'STAFF' },
      }),
    ]);
  });

  it('demotes, and ends the sessions', async () => {
    expect((await assign(admin(1), idOf(3), 'CUSTOMER')).payload?.user).toEqual({ role: 'CUSTOMER' });
    expect(await openSessions(3)).toBe(0);
    expect(await openSessions(1)).toBe(1);
  });

  it('changes nothing when the role is the same', async () => {
    const before = await community.prisma.auditEntry.count({ where: { action: 'user.role.assign' } });
    expect((await assign(admin(1), idOf(3), 'STAFF')).payload?.user).toEqual({ role: 'STAFF' });
    expect(await openSessions(3)).toBe(1);
    expect(await community.prisma.auditEntry.count({ where: { action: 'user.role.assign' } })).toBe(before);
  });

  it('leaves one administrator, of two that demote each other at once', async () => {
    const answers = await Promise.all([
      assign(admin(1), idOf(2), 'CUSTOMER'),
      assign(admin(2), idOf(1), 'STAFF'),
    ]);
    expect((await roles()).filter((role) => role === 'ADMIN')).toHaveLength(1);
    // Who came second was no administrator any more.
    expect(answers.map(({ codes }) => codes).toSorted()).toEqual([[], ['FORBIDDEN']]);
  });

  it('leaves one administrator, of two that step down at once', async () => {
    const answers = await Promise.all([1, 2].map((n) => assign(admin(n), idOf(n), 'CUSTOMER')));
    expect((await roles()).filter((role) => role === 'ADMIN')).toHaveLength(1);
    const refused = answers.filter(({ payload }) => payload?.user === null);
    expect(refused).toEqual([{ payload: { user: null, userErrors: [LAST] }, codes: [] }]);
  });

  it('is nothing that a former administrator does with a token from before', async () => {
    await assign(admin(1), idOf(2), 'CUSTOMER');
    expect(await assign(admin(2), idOf(2), 'ADMIN')).toEqual({ payload: null, codes: ['FORBIDDEN'] });
    expect(await roles()).toEqual(['ADMIN', 'CUSTOMER', 'STAFF', 'CUSTOMER']);
  });

  it('believes the token of an administrator of another issuer', async () => {
    expect((await assign(someViewer('ADMIN'), idOf(4), 'STAFF')).payload?.user).toEqual({ role: 'STAFF' });
  });

  it.each([
    ['anonymous', null, 'UNAUTHENTICATED'],
    ['a customer', customer(4), 'FORBIDDEN'],
    ['staff', someViewer('STAFF'), 'FORBIDDEN'],
  ])('is not for %s', async (_who, viewer, code) => {
    expect(await assign(viewer, idOf(4), 'ADMIN')).toEqual({ payload: null, codes: [code] });
    expect(await roles()).toEqual([...ROLES]);
  });

  it.each([
    ['nobody', idOf(9)],
    ['an address', toGlobalId('Address', userId(4))],
    ['no id', '👋'],
  ])('does not find %s', async (_case, id) => {
    const missing = { __typename: 'NotFoundError', code: 'NOT_FOUND', field: ['userId'] };
    expect(await assign(admin(1), id, 'STAFF')).toEqual({
      payload: { user: null, userErrors: [missing] },
      codes: [],
    });
  });
});
