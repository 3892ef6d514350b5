import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { addressId, addressRow, customer, userId, userRow } from './support/fixtures.ts';

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
  await community.prisma.user.createMany({ data: [userRow(1), userRow(2), userRow(3)] });
  await community.prisma.address.create({ data: addressRow(1) });
});
afterAll(() => community.close());

const staff = someViewer('STAFF');
let since = new Date(0);
beforeEach(() => {
  since = new Date();
});
const entries = async () =>
  (
    await community.prisma.auditEntry.findMany({
      where: { at: { gte: since } },
      orderBy: { subjectId: 'asc' },
    })
  ).map(({ action, actorId, actorRole, subjectId }) => ({ action, actorId, actorRole, subjectId }));
const read = (n: number, what = 'profile') => ({
  action: `${what}.read`,
  actorId: staff.userId,
  actorRole: 'STAFF',
  subjectId: userId(n),
});
const USER = toGlobalId('User', userId(1));

describe('staff that reads what is a customer’s', () => {
  it('is noted for each user of a list', async () => {
    await community.ask(staff, '{ users(first: 2) { edges { node { displayName } } } }');
    expect(await entries()).toEqual([read(2), read(3)]);
  });

  it.each([
    ['a user', `{ user(id: "${USER}") { email role displayName } }`, [read(1)]],
    [
      'addresses',
      `{ _entities(representations: [{ __typename: "User", id: "${USER}" }]) { ... on User { addresses { edges { cursor } } } } }`,
      [read(1, 'addresses')],
    ],
    [
      'an address',
      `{ _entities(representations: [{ __typename: "Address", id: "${toGlobalId('Address', addressId(1))}" }]) {
        ... on Address { city } } }`,
      [read(1, 'addresses')],
    ],
    [
      'a name',
      `{ _entities(representations: [{ __typename: "User", id: "${USER}" }]) { ... on User { displayName } } }`,
      [],
    ],
  ])('is noted for %s', async (_what, query, expected) => {
    const { errors } = await community.ask(staff, query);
    expect(errors).toBeUndefined();
    expect(await entries()).toEqual(expected);
  });

  it('is not noted for what is one’s own', async () => {
    await community.ask(customer(1), '{ viewer { email addresses { edges { node { city } } } } }');
    expect(await entries()).toEqual([]);
  });
});
