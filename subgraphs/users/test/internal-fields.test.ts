import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '@tributary/subgraph-kit';
import { graphql, serviceHeaders, someViewer } from '@tributary/testing';
import { type Community, openCommunity } from './support/community.ts';
import { addressId, addressRow, customer, userId, userRow } from './support/fixtures.ts';

let community: Community;
beforeAll(async () => {
  community = await openCommunity();
  await community.prisma.user.createMany({
    data: [
      userRow(1),
      userRow(2),
      userRow(3, { email: null, displayName: 'Erased user', erasedAt: new Date() }),
    ],
  });
  await community.prisma.address.create({ data: addressRow(1) });
});
afterAll(() => community.close());

const QUERY = `query ($user: ID!, $address: ID!) {
  addressForOrder(userId: $user, addressId: $address) {
    recipient line1 line2 city region postalCode countryCode
  }
  contactForOrder(userId: $user) { email displayName }
}`;
const askFor = async (user: string, address: string) =>
  graphql<Record<string, unknown>>(community.subgraph.url, {
    query: QUERY,
    variables: { user, address },
    headers: await serviceHeaders('orders'),
  });
const ADDRESS = toGlobalId('Address', addressId(1));

describe('what orders ask', () => {
  it('is answered with the address and the contact', async () => {
    const { data, errors } = await askFor(toGlobalId('User', userId(1)), ADDRESS);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      addressForOrder: {
        recipient: 'Ada Lovelace',
        line1: '12 St James’s Square',
        line2: null,
        city: 'London',
        region: null,
        postalCode: 'SW1Y 4JH',
        countryCode: 'GB',
      },
      contactForOrder: { email: 'user1@example.com', displayName: 'User 1' },
    });
    expect(await community.prisma.auditEntry.count()).toBe(0);
  });

  it('gives another user’s address to nobody', async () => {
    const { data } = await askFor(toGlobalId('User', userId(2)), ADDRESS);
    expect(data).toMatchObject({ addressForOrder: null, contactForOrder: { displayName: 'User 2' } });
  });

  it.each([
    ['an erased user', toGlobalId('User', userId(3))],
    ['nobody', toGlobalId('User', userId(9))],
    ['an address', ADDRESS],
    ['no id', 'x'],
  ])('knows nothing of %s', async (_who, user) => {
    const { data, errors } = await askFor(user, ADDRESS);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ addressForOrder: null, contactForOrder: null });
  });

  it.each([
    ['anonymous', null],
    ['the user', customer(1)],
    ['an administrator', someViewer('ADMIN')],
  ])('is not for %s', async (_who, viewer) => {
    const { data, errors } = await community.ask(viewer, QUERY, {
      user: toGlobalId('User', userId(1)),
      address: ADDRESS,
    });
    expect(data).toEqual({ addressForOrder: null, contactForOrder: null });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });
});
