import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Session } from '@tributary/prisma/users/client';
import { type KeysetOrder, timestampKey, uuidKey } from '@tributary/subgraph-kit';

/** What is told of a session. */
export type SessionSummary = Pick<Session, 'id' | 'createdAt' | 'lastUsedAt' | 'expiresAt'>;

/** The columns of a `SessionSummary`; the table is `s`. */
export const SESSION_COLUMNS = sql`
  s.id, s.created_at AS "createdAt", s.last_used_at AS "lastUsedAt", s.expires_at AS "expiresAt"`;

/** Neither revoked nor over; the table is `s`. */
export const IS_ACTIVE = sql`s.revoked_at IS NULL AND s.expires_at > now()`;

/** Sessions, the newest first. */
export const SESSION_ORDER: KeysetOrder<SessionSummary> = {
  name: 'sessions',
  direction: 'DESC',
  keys: [
    timestampKey(sql`s.created_at`, (session) => session.createdAt),
    uuidKey(sql`s.id`, (session) => session.id),
  ],
};
