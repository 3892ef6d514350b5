import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runJobsOnce } from '@tributary/jobs';
import { evictionTasks, fromGlobalId, toGlobalId } from '@tributary/subgraph-kit';
import { type RecordedInvalidations, recordInvalidations, type TestViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { addressId, addressRow, customer, userId, userRow } from './support/fixtures.ts';

const ADMIN: TestViewer = { userId: userId(9), role: 'ADMIN' };
const LONDON = {
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  countryCode: 'GB',
};

let community: Community;
let told: RecordedInvalidations;
beforeAll(async () => {
  told = recordInvalidations();
  community = await openCommunity({
    CACHE_INVALIDATION_URL: 'http://127.0.0.1:1/invalidate',
    JOB_CONCURRENCY: '0',
  });
});
afterAll(() => community?.close());
beforeEach(async () => {
  await community.prisma.user.deleteMany();
  await community.prisma.user.createMany({ data: [userRow(1), userRow(9, { role: 'ADMIN' })] });
  await community.prisma.address.createMany({
    data: [addressRow(1, { isDefault: true }), addressRow(2)],
  });
});

/** What is evicted by a change of a viewer's, of which only the jobs are done that evict. */
async function evictedBy(
  viewer: TestViewer,
  mutation: string,
  input: object,
  fields = '',
): Promise<string[]> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await community.ask<Record<string, Payload>>(
    viewer,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${fields} userErrors { __typename } } }`,
    { input },
  );
  expect([errors, data[mutation]?.userErrors]).toEqual([undefined, []]);
  made = data[mutation]?.address?.id ?? null;
  await runJobsOnce(community.databaseUrl, evictionTasks(told.invalidator));
  return told.taken();
}

interface Payload {
  address?: { id: string } | null;
  userErrors: unknown[];
}
/** Global id of the address that was made last. */
let made: string | null;

const USER = `User:${userId(1)}`;
const address = (n: number) => `Address:${addressId(n)}`;
const idOf = (n: number) => toGlobalId('Address', addressId(n));

it('a profile', async () => {
  expect(await evictedBy(customer(1), 'userUpdate', { displayName: 'Ada' })).toEqual([USER]);
});

it('a role', async () => {
  const assign = (role: string) =>
    evictedBy(ADMIN, 'userRoleAssign', { userId: toGlobalId('User', userId(1)), role });
  expect(await assign('STAFF')).toEqual([USER]);
  expect(await assign('STAFF')).toEqual([]);
});

describe('addresses', () => {
  it('with one more', async () => {
    const input = { kind: 'SHIPPING', address: LONDON };
    expect(await evictedBy(customer(1), 'addressCreate', input, 'address { id }')).toEqual([USER]);
    const another = { ...input, isDefault: true };
    expect(await evictedBy(customer(1), 'addressCreate', another, 'address { id }')).toEqual([
      address(1),
      USER,
    ]);
    expect(fromGlobalId('Address', made, 'id')).not.toBe(addressId(1));
  });

  it('with another default', async () => {
    const labels = await evictedBy(customer(1), 'addressUpdate', { id: idOf(2), isDefault: true });
    expect(labels).toEqual([address(1), address(2), USER]);
  });

  it('of which one is changed', async () => {
    const labels = await evictedBy(customer(1), 'addressUpdate', { id: idOf(2), address: { city: 'Bath' } });
    expect(labels).toEqual([address(2), USER]);
    expect(await evictedBy(customer(1), 'addressUpdate', { id: idOf(2) })).toEqual([]);
  });

  it('without one, and then without any', async () => {
    expect(await evictedBy(customer(1), 'addressDelete', { id: idOf(1) })).toEqual([
      address(1),
      address(2),
      USER,
    ]);
    expect(await evictedBy(customer(1), 'addressDelete', { id: idOf(2) })).toEqual([address(2), USER]);
  });
});

it('a user who is erased, with their addresses', async () => {
  const labels = await evictedBy(customer(1), 'viewerErase', { confirm: true });
  expect(labels).toEqual([address(1), address(2), USER]);
});
