import { tryFromGlobalId } from '@tributary/subgraph-kit';
import { addressId } from './fixtures.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

/** What everybody's address is, in tests. */
export const ADDRESS = {
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  line2: null,
  city: 'London',
  region: null,
  postalCode: 'SW1Y 4JH',
  countryCode: 'GB',
};

/** Stands for the users subgraph: user n has the address n. */
export const startAddressBook = (): Promise<StandIn> =>
  startStandIn('users', {
    Query: {
      addressForOrder: (_parent: unknown, asked: { userId: string; addressId: string }) => {
        const user = tryFromGlobalId('User', asked.userId) ?? '';
        const address = tryFromGlobalId('Address', asked.addressId) ?? '';
        return address === addressId(Number.parseInt(user.slice(-12), 16)) ? ADDRESS : null;
      },
    },
  });
