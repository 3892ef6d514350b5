import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '@tributary/prisma/users/client';
import { toGlobalId } from '@tributary/subgraph-kit';
import { type ConnectionPage, connectionFields, someViewer, walkConnection } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { addressRow, userId, userRow } from './support/fixtures.ts';

const staff = someViewer('STAFF');
const PAGING = '$first: Int, $after: String, $last: Int, $before: String';
const ARGUMENTS = 'first: $first, after: $after, last: $last, before: $before';
const SORTS = ['CREATED_AT', 'DISPLAY_NAME'].flatMap((field) =>
  ['ASC', 'DESC'].map((direction) => ({ field, direction })),
);

/** 25 users with few different names and times. */
const rows: User[] = Array.from({ length: 25 }, (_, n) =>
  userRow(n, {
    displayName: ['Ada', 'Bo "B"', 'Chloé 👋'][(n * 5) % 3] as string,
    createdAt: new Date(Date.UTC(2025, 0, 1 + ((n * 7) % 4))),
    role: n % 5 === 0 ? 'STAFF' : 'CUSTOMER',
  }),
);

const sorted = ({ field, direction }: { field: string; direction: string }, among = rows) => {
  const key = (user: User) => (field === 'DISPLAY_NAME' ? user.displayName : user.createdAt.toISOString());
  const ascending = among.toSorted((a, b) =>
    key(a) === key(b) ? (a.id < b.id ? -1 : 1) : key(a) < key(b) ? -1 : 1,
  );
  return (direction === 'ASC' ? ascending : ascending.toReversed()).map(({ email }) => email);
};

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
  await community.prisma.user.createMany({ data: rows });
  await community.prisma.address.createMany({
    data: Array.from({ length: 7 }, (_, n) =>
      addressRow(n, { line1: String(n), createdAt: new Date(Date.UTC(2025, 0, 1 + (n >> 1))) }),
    ),
  });
});
afterAll(() => community.close());

const users = async (variables: object) =>
  (
    await community.ask<{ users: ConnectionPage<{ email: string }> & { totalCount: number } }>(
      staff,
      `query (${PAGING}, $filter: UserFilter, $sort: UserSort) {
        users(${ARGUMENTS}, filter: $filter, sort: $sort) { totalCount ${connectionFields('email')} } }`,
      { ...variables },
    )
  ).data.users;

describe('users', () => {
  it.each(SORTS)('gives every user once by $field $direction, in both directions', async (sort) => {
    for (const size of [1, 7, 25, 100]) {
      for (const direction of ['forward', 'backward'] as const) {
        const nodes = await walkConnection((args) => users({ ...args, sort }), size, direction);
        expect(nodes.map(({ email }) => email)).toEqual(sorted(sort));
      }
    }
  });

  it('pages through the users of a role', async () => {
    const sort = { field: 'DISPLAY_NAME', direction: 'ASC' };
    const page = (args: object) => users({ ...args, sort, filter: { role: 'STAFF' } });
    const staffOnly = rows.filter(({ role }) => role === 'STAFF');
    for (const direction of ['forward', 'backward'] as const) {
      const nodes = await walkConnection(page, 2, direction);
      expect(nodes.map(({ email }) => email)).toEqual(sorted(sort, staffOnly));
    }
    expect((await page({ first: 0 })).totalCount).toBe(staffOnly.length);
  });

  it('gives the newest first when nothing is said, and 20 of them', async () => {
    const { edges, totalCount } = await users({});
    const newest = sorted({ field: 'CREATED_AT', direction: 'DESC' });
    expect(edges.map(({ node }) => node.email)).toEqual(newest.slice(0, 20));
    expect(totalCount).toBe(25);
  });
});

describe('User.addresses', () => {
  it('gives every address once, oldest first, in both directions', async () => {
    const page = async (args: object) =>
      (
        await community.ask<{ user: { addresses: ConnectionPage<{ line1: string }> } }>(
          staff,
          `query ($id: ID!, ${PAGING}) { user(id: $id) { addresses(${ARGUMENTS}) { ${connectionFields('line1')} } } }`,
          { ...args, id: toGlobalId('User', userId(1)) },
        )
      ).data.user.addresses;
    for (const direction of ['forward', 'backward'] as const) {
      const nodes = await walkConnection(page, 2, direction);
      expect(nodes.map(({ line1 }) => line1)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    }
  });
});
