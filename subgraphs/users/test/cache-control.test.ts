import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer, type TestViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { addressId, addressRow, customer, userId, userRow } from './support/fixtures.ts';

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
  await community.prisma.user.createMany({ data: [userRow(1), userRow(2)] });
  await community.prisma.address.createMany({ data: [addressRow(1)] });
});
afterAll(() => community?.close());

const STAFF = someViewer('STAFF');
const OWNER = customer(1);
const reference = (type: string, id: string) =>
  `representations: [{ __typename: "${type}", id: "${toGlobalId(type, id)}" }]`;
const user = (fields: string) => `_entities(${reference('User', userId(1))}) { ... on User { ${fields} } }`;
const address = `_entities(${reference('Address', addressId(1))}) { ... on Address { city } }`;

async function headerOf(viewer: TestViewer | null, selection: string): Promise<string | null> {
  const { errors, headers } = await community.ask(viewer, `{ ${selection} }`);
  expect(errors).toBeUndefined();
  return headers.get('cache-control');
}

it.each([
  ['their profile', 'viewer { displayName email role }', 'max-age=60, private'],
  [
    'their addresses',
    'viewer { addresses { edges { node { city } } pageInfo { hasNextPage } } }',
    'max-age=60, private',
  ],
  ['an address', address, 'max-age=300, private'],
])('users may keep %s, for themselves', async (_what, selection, header) => {
  expect(await headerOf(OWNER, selection)).toBe(header);
});

it.each([
  ['where they are signed in', 'viewer { sessions { edges { node { current } } } }'],
  ['their exports', 'viewer { dataExports { status } }'],
])('nobody may keep %s', async (_what, selection) => {
  expect(await headerOf(OWNER, selection)).toBe('no-store');
});

it('what staff read of others is kept by nobody: it is written down each time', async () => {
  for (const selection of [user('email'), user('addresses { edges { node { city } } }'), address])
    expect(await headerOf(STAFF, selection)).toBe('no-store');
  expect(await headerOf(STAFF, `user(id: "${toGlobalId('User', userId(1))}") { displayName }`)).toBe(
    'no-store',
  );
  expect(await headerOf(STAFF, 'users { edges { node { displayName } } }')).toBe('no-store');
});

it('what others may see of a user is kept for who asked', async () => {
  for (const viewer of [customer(2), STAFF, null])
    expect(await headerOf(viewer, user('displayName'))).toBe('max-age=60, private');
  expect(await headerOf(customer(2), user('email'))).toBe('max-age=60, private');
});

it('that nobody is signed in is not kept', async () => {
  expect(await headerOf(null, 'viewer { displayName }')).toBe('no-store');
});
