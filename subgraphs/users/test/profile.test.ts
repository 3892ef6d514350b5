import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Community, openCommunity } from './support/community.ts';
import { customer, userId, userRow } from './support/fixtures.ts';

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
});
afterAll(() => community.close());
beforeEach(async () => {
  await community.prisma.user.deleteMany();
  await community.prisma.user.create({ data: userRow(1) });
});

const update = async (input: object, viewer = customer(1)) => {
  const { data } = await community.ask(
    viewer,
    `mutation ($input: UserUpdateInput!) { userUpdate(input: $input) {
      user { displayName email } userErrors { __typename ... on UserError { field } } } }`,
    { input },
  );
  return data.userUpdate;
};

describe('userUpdate', () => {
  it('changes the name, without blanks around it and composed', async () => {
    expect(await update({ displayName: ' Chloe\u0301 👋 ' })).toEqual({
      user: { displayName: 'Chloé 👋', email: 'user1@example.com' },
      userErrors: [],
    });
    const row = await community.prisma.user.findUniqueOrThrow({ where: { id: userId(1) } });
    expect(row.displayName).toBe('Chloé 👋');
    expect(row.updatedAt.getTime()).toBeGreaterThan(userRow(1).updatedAt.getTime());
    const entry = await community.prisma.auditEntry.findFirst({ where: { action: 'user.update' } });
    expect(entry).toMatchObject({ actorId: userId(1), subjectId: userId(1), details: {} });
  });

  it.each([{}, { displayName: null }])('leaves the profile as it is for %j', async (input) => {
    const before = await community.prisma.user.findUnique({ where: { id: userId(1) } });
    expect(await update(input)).toMatchObject({ user: { displayName: 'User 1' }, userErrors: [] });
    expect(await community.prisma.user.findUnique({ where: { id: userId(1) } })).toEqual(before);
  });

  it.each([' ', 'x'.repeat(201), 'a\u0007b'])('refuses %j', async (displayName) => {
    const error = { __typename: 'ValidationError', field: ['displayName'] };
    expect(await update({ displayName })).toEqual({ user: null, userErrors: [error] });
    expect(await community.prisma.user.findUnique({ where: { id: userId(1) } })).toEqual(userRow(1));
  });
});
