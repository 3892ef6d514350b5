import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Address, User } from '@tributary/prisma/users/client';
import { type KeysetOrder, timestampKey, uuidKey } from '@tributary/subgraph-kit';

/** A user's columns under the names that Prisma gives them; the table is `u`. */
export const USER_COLUMNS = sql`
  u.id, u.email, u.display_name AS "displayName", u.role, u.created_at AS "createdAt", u.updated_at AS "updatedAt",
  u.erased_at AS "erasedAt"`;

/** An address's columns under the names that Prisma gives them; the table is `a`. */
export const ADDRESS_COLUMNS = sql`
  a.id, a.user_id AS "userId", a.kind, a.recipient, a.line1, a.line2, a.city, a.region,
  a.postal_code AS "postalCode", a.country_code AS "countryCode", a.is_default AS "isDefault",
  a.created_at AS "createdAt"`;

const userId = uuidKey<User>(sql`u.id`, (user) => user.id);
const USER_KEYS = {
  CREATED_AT: timestampKey<User>(sql`u.created_at`, (user) => user.createdAt),
  DISPLAY_NAME: { expression: sql`u.display_name`, type: 'text', value: (user: User) => user.displayName },
} as const;

/** What users can be sorted by. */
export type UserSortField = keyof typeof USER_KEYS;

/** An order of users; the id decides between equals. */
export const userOrder = (field: UserSortField, direction: 'ASC' | 'DESC'): KeysetOrder<User> => ({
  name: `users ${field} ${direction}`,
  direction,
  keys: [USER_KEYS[field], userId],
});

/** Addresses in the order they were added. */
export const ADDRESS_ORDER: KeysetOrder<Address> = {
  name: 'addresses',
  direction: 'ASC',
  keys: [
    timestampKey(sql`a.created_at`, (address) => address.createdAt),
    uuidKey(sql`a.id`, (address) => address.id),
  ],
};
