import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { someViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { addressId, addressRow, customer, userId, userRow } from './support/fixtures.ts';

/** What is asked is user 1's. */
const VIEWERS = {
  anonymous: null,
  owner: customer(1),
  'another customer': customer(2),
  staff: someViewer('STAFF'),
  admin: someViewer('ADMIN'),
};
type Who = keyof typeof VIEWERS;

const NAME = {
  displayName: 'User 1',
  createdAt: '2025-01-01T00:01:00.000Z',
  updatedAt: '2025-01-01T00:01:00.000Z',
};
const WHOLE = {
  ...NAME,
  id: toGlobalId('User', userId(1)),
  email: 'user1@example.com',
  role: 'CUSTOMER',
  addresses: { edges: [{ node: { recipient: 'Ada Lovelace' } }] },
};
const PUBLIC = { ...WHOLE, email: null, role: null, addresses: null };
const ADDRESS = {
  id: toGlobalId('Address', addressId(1)),
  kind: 'SHIPPING',
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  line2: null,
  city: 'London',
  region: null,
  postalCode: 'SW1Y 4JH',
  countryCode: 'GB',
  isDefault: false,
};
const USER_FIELDS =
  'id email displayName role addresses { edges { node { recipient } } } createdAt updatedAt';
const ADDRESS_FIELDS = Object.keys(ADDRESS).join(' ');
const mayRead = (who: Who) => who === 'owner' || who === 'staff' || who === 'admin';

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
  await community.prisma.user.createMany({ data: [userRow(1), userRow(2)] });
  await community.prisma.address.create({ data: addressRow(1) });
});
afterAll(() => community.close());

const ask = async (who: Who, query: string) => {
  const { data, errors } = await community.ask(VIEWERS[who], query);
  return { data, codes: errors?.map(({ extensions }) => extensions?.code) ?? [] };
};
const reference = (type: string, id: string, selection: string) =>
  `{ _entities(representations: [{ __typename: "${type}", id: "${id}" }]) { ... on ${type} { ${selection} } } }`;

describe.each(Object.keys(VIEWERS) as Who[])('%s', (who) => {
  it('sees of a user what anybody may see, and the rest only with the right to it', async () => {
    const { data, codes } = await ask(who, reference('User', WHOLE.id, USER_FIELDS));
    expect(codes).toEqual([]);
    expect(data).toEqual({ _entities: [mayRead(who) ? WHOLE : PUBLIC] });
  });

  it('sees an address with the right to it, and otherwise null', async () => {
    const { data, codes } = await ask(who, reference('Address', ADDRESS.id, ADDRESS_FIELDS));
    expect(codes).toEqual([]);
    expect(data).toEqual({ _entities: [mayRead(who) ? ADDRESS : null] });
  });

  it('looks users up only as staff', async () => {
    const refused = { anonymous: 'UNAUTHENTICATED', owner: 'FORBIDDEN', 'another customer': 'FORBIDDEN' };
    const code = refused[who as keyof typeof refused];
    expect(
      await ask(
        who,
        `{ user(id: "${WHOLE.id}") { ${USER_FIELDS} } users(filter: { search: "User" }) { totalCount } }`,
      ),
    ).toEqual(
      code
        ? { data: { user: null, users: null }, codes: [code, code] }
        : { data: { user: WHOLE, users: { totalCount: 2 } }, codes: [] },
    );
  });

  it('is the viewer, with an account', async () => {
    const known: Partial<Record<Who, string>> = { owner: 'User 1', 'another customer': 'User 2' };
    const { data, codes } = await ask(who, '{ viewer { displayName } }');
    expect(codes).toEqual([]);
    // Staff comes from another issuer here.
    expect(data).toEqual({ viewer: who === 'anonymous' ? null : { displayName: known[who] ?? 'Customer' } });
  });
});
