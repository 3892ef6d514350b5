import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Prisma, RefreshTokenPlace, Session, User } from '@tributary/prisma/users/client';
import { createRefreshToken, hashOfToken } from './tokens.ts';
import { USER_COLUMNS } from './user.rows.ts';

/** How long sessions last, by the names of their settings. */
export interface SessionLimits {
  SESSION_IDLE_DAYS: number;
  SESSION_MAX_DAYS: number;
}

/** A session, with the token to go on with: it is told once, and not kept. */
export interface OpenSession {
  sessionId: string;
  user: User;
  refreshToken: string;
  refreshTokenIn: RefreshTokenPlace;
  refreshTokenExpiresAt: Date;
}

/** What becomes of a refresh token that comes in. */
export type Rotation =
  | { outcome: 'rotated'; session: OpenSession }
  /** Another request with the same token, under way at the same time, got the new one. */
  | { outcome: 'raced' }
  /** It was exchanged before: who sends it has it from somewhere. */
  | { outcome: 'reused'; sessionId: string; userId: string }
  /** It never was one, or its session has ended. */
  | { outcome: 'over' };

type Transaction = Prisma.TransactionClient;

/** Keeps sessions, and the refresh tokens that follow each other in them. */
export interface SessionStore {
  open(tx: Transaction, user: User, refreshTokenIn: RefreshTokenPlace): Promise<OpenSession>;
  rotate(tx: Transaction, refreshToken: string, arrival: Arrival): Promise<Rotation>;
}

/** How the request came in that brought a token. */
export interface Arrival {
  receivedAt: Date;
  /** Whether another request with the same token was being answered then. */
  amongOthers: boolean;
}

const DAY = 86_400_000; // ms

export function createSessionStore({ SESSION_IDLE_DAYS, SESSION_MAX_DAYS }: SessionLimits): SessionStore {
  const expiry = (createdAt: Date, now: Date): Date =>
    new Date(Math.min(now.getTime() + SESSION_IDLE_DAYS * DAY, createdAt.getTime() + SESSION_MAX_DAYS * DAY));
  return {
    async open(tx, user, refreshTokenIn) {
      const now = new Date();
      const refreshToken = createRefreshToken();
      const times = { createdAt: now, lastUsedAt: now, expiresAt: expiry(now, now) };
      const { id } = await tx.session.create({
        data: { userId: user.id, refreshTokenIn, ...times },
        select: { id: true },
      });
      const token = { tokenHash: hashOfToken(refreshToken), sessionId: id, issuedAt: now };
      await tx.refreshToken.createMany({ data: [token] });
      return {
        sessionId: id,
        user,
        refreshToken,
        refreshTokenIn,
        refreshTokenExpiresAt: times.expiresAt,
      };
    },

    async rotate(tx, refreshToken, { receivedAt, amongOthers }) {
      const tokenHash = hashOfToken(refreshToken);
      const session = await lockSessionOf(tx, tokenHash);
      if (!session) return { outcome: 'over' };
      const { id: sessionId, userId, refreshTokenIn } = session;
      const { user, usedAt } = await readToken(tx, tokenHash, userId);
      if (session.revokedAt || session.expiresAt <= new Date() || !user) return { outcome: 'over' };
      if (usedAt) {
        // Who knew of the new token would not have come with the old one among the others, or before it was there.
        return amongOthers || receivedAt <= usedAt
          ? { outcome: 'raced' }
          : { outcome: 'reused', sessionId, userId };
      }
      const next = createRefreshToken();
      // Read from the clock as late as can be: who sends the old token from now on may know of the new one.
      const now = new Date();
      const refreshTokenExpiresAt = expiry(session.createdAt, now);
      await exchange(tx, tokenHash, hashOfToken(next), now, refreshTokenExpiresAt);
      return {
        outcome: 'rotated',
        session: { sessionId, user, refreshToken: next, refreshTokenIn, refreshTokenExpiresAt },
      };
    },
  };
}

/** Locks the session that a token is of: of those that come with one, each finds what the one before has done. */
async function lockSessionOf(tx: Transaction, tokenHash: Uint8Array): Promise<Session | null> {
  const [session] = await tx.$queryRaw<Session[]>(sql`
    SELECT s.id, s.user_id AS "userId", s.refresh_token_in AS "refreshTokenIn", s.created_at AS "createdAt",
      s.last_used_at AS "lastUsedAt", s.expires_at AS "expiresAt", s.revoked_at AS "revokedAt",
      s.revoked_reason AS "revokedReason"
    FROM sessions s
    WHERE s.id = (SELECT t.session_id FROM refresh_tokens t WHERE t.token_hash = ${tokenHash})
    FOR NO KEY UPDATE`);
  return session ?? null;
}

/** The token as it is now that its session is locked, and the user with the role of now; no user once erased. */
async function readToken(
  tx: Transaction,
  tokenHash: Uint8Array,
  userId: string,
): Promise<{ usedAt: Date | null; user: User | null }> {
  const [row] = await tx.$queryRaw<(User & { usedAt: Date | null })[]>(sql`
    SELECT ${USER_COLUMNS}, t.used_at AS "usedAt"
    FROM users u CROSS JOIN refresh_tokens t
    WHERE u.id = ${userId}::uuid AND u.erased_at IS NULL AND t.token_hash = ${tokenHash}`);
  if (!row) return { usedAt: null, user: null };
  const { usedAt, ...user } = row;
  return { usedAt, user };
}

/** One statement: the old token is used, the new one there, and the session goes on; or nothing of it. */
async function exchange(
  tx: Transaction,
  oldHash: Uint8Array,
  newHash: Uint8Array,
  now: Date,
  expiresAt: Date,
): Promise<void> {
  const exchanged = await tx.$executeRaw(sql`
    WITH used AS (
      UPDATE refresh_tokens SET used_at = ${now} WHERE token_hash = ${oldHash} AND used_at IS NULL
      RETURNING session_id
    ), issued AS (
      INSERT INTO refresh_tokens (token_hash, session_id, issued_at)
      SELECT ${newHash}, session_id, ${now} FROM used
    )
    UPDATE sessions SET last_used_at = ${now}, expires_at = ${expiresAt} FROM used WHERE id = used.session_id`);
  if (exchanged !== 1) throw new Error('a refresh token was used although its session was locked');
}
