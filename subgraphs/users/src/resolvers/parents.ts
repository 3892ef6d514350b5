import type { Address, User } from '@tributary/prisma/users/client';
import type { CountedConnection } from '@tributary/subgraph-kit';
import type { DataExportSummary } from '../services/data-export.service.ts';
import type { SessionSummary } from '../services/session.rows.ts';
import type { IssuedSession } from '../services/session.service.ts';

/** What the resolvers of `User` start from. */
export type UserParent = User;

/** What the resolvers of `Address` start from. */
export type AddressParent = Address;

/** What the resolvers of `OrderAddressSnapshot` start from. */
export type OrderAddressSnapshotParent = Address;

/** What the resolvers of `OrderContact` start from. */
export type OrderContactParent = User;

/** What the resolvers of `DataExport` start from. */
export type DataExportParent = DataExportSummary;

/** What the resolvers of `Session` start from. */
export type SessionParent = IssuedSession;

/** What the resolvers of `UserSession` start from. */
export type UserSessionParent = SessionSummary;

/** A page of users that can be counted. */
export type UserConnectionParent = CountedConnection<User>;
