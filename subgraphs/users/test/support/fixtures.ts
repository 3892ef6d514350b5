import type { Address, User } from '@tributary/prisma/users/client';
import type { TestViewer } from '@tributary/testing';

/** The n-th uuid of a kind; kinds are one hexadecimal digit. */
const uuid = (kind: string, n: number) => `${kind}0000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const userId = (n: number) => uuid('a', n);
export const addressId = (n: number) => uuid('b', n);

/** A customer by number. */
export const customer = (n: number): TestViewer => ({ userId: userId(n), role: 'CUSTOMER' });

/** The n-th user: a customer, who came n minutes after the start of 2025. */
export const userRow = (n: number, changes: Partial<User> = {}): User => ({
  id: userId(n),
  email: `user${n}@example.com`,
  displayName: `User ${n}`,
  role: 'CUSTOMER',
  createdAt: minute(n),
  updatedAt: minute(n),
  erasedAt: null,
  ...changes,
});

/** The n-th address, of user 1 unless said otherwise. */
export const addressRow = (n: number, changes: Partial<Address> = {}): Address => ({
  id: addressId(n),
  userId: userId(1),
  kind: 'SHIPPING',
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  line2: null,
  city: 'London',
  region: null,
  postalCode: 'SW1Y 4JH',
  countryCode: 'GB',
  isDefault: false,
  createdAt: minute(n),
  ...changes,
});

const minute = (n: number) => new Date(Date.UTC(2025, 0, 1, 0, n));
