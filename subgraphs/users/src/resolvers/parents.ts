import type { Address, User } from '@tributary/prisma/users/client';
import type { CountedConnection } from '@tributary/subgraph-kit';

/** What the resolvers of `User` start from. */
export type UserParent = User;

/** What the resolvers of `Address` start from. */
export type AddressParent = Address;

/** A page of users that can be counted. */
export type UserConnectionParent = CountedConnection<User>;
