import type { PrismaClient, User } from '@tributary/prisma/users/client';
import {
  type AuditTrail,
  checkInput,
  notFound,
  Refusal,
  type RequestContext,
  text,
  userError,
  validationError,
} from '@tributary/subgraph-kit';
import { z } from 'zod';
import { type CheckedCredential, type CredentialCheck, invalidCredentials } from './credential-check.ts';
import { givenPassword } from './password-rules.ts';
import { revokeSessions } from './revoke-sessions.ts';
import type { OpenSession, SessionStore } from './session-store.ts';
import type { AccessToken, TokenIssuer } from './tokens.ts';
import { createUnderWay } from './under-way.ts';
import { lockUser } from './user-lock.ts';

/** Everything that a client gets for a session. */
export type IssuedSession = OpenSession & AccessToken;

/** What of a request decides about signing in. */
export type SignInRequest = Pick<RequestContext, 'audit' | 'clientAddress' | 'logger' | 'receivedAt'>;

/** Which session asks, and which are to end. */
export interface Revocation {
  /** Uuid of the viewer. */
  userId: string;
  /** Uuid of the session that asks; undefined when the viewer signed in elsewhere. */
  current: string | undefined;
  /** Uuid of a session; null when the client's id is none, undefined when it gave none. */
  wanted: string | null | undefined;
  everywhere: boolean;
}

/** Signs in, keeps signed in, and signs out. */
export interface SessionService {
  /** @throws Refusal when nobody is signed in; SignInNotConfigured */
  create(input: unknown, request: SignInRequest): Promise<IssuedSession>;
  /**
   * @throws Refusal when the session is over; SignInNotConfigured
   * @returns null when another request with the same token has won: the client has, or gets, a new one by that
   */
  refresh(refreshToken: string | null, request: SignInRequest): Promise<IssuedSession | null>;
  /**
   * @returns how many ended
   * @throws Refusal when the viewer has no such session
   */
  revoke(revocation: Revocation, audit: AuditTrail): Promise<number>;
}

const MAX_EMAIL = 254; // characters
const sessionCreateInput = z.object({
  // Not whether it is an address: then there is no account with it, which is said like any other.
  email: text({ max: MAX_EMAIL }).transform((email) => email.toLowerCase()),
  password: givenPassword,
  refreshTokenIn: z.enum(['BODY', 'COOKIE']),
});

export const sessionExpired = () =>
  userError('SessionExpiredError', 'SESSION_EXPIRED', 'The session is over. Sign in again.');

export function createSessionService(
  prisma: PrismaClient,
  parts: { credentials: CredentialCheck; store: SessionStore; tokens: TokenIssuer },
): SessionService {
  const { credentials, store, tokens } = parts;
  const refreshing = createUnderWay();
  const issue = async (session: OpenSession): Promise<IssuedSession> => ({
    ...session,
    ...(await tokens.issue({
      userId: session.user.id,
      role: session.user.role,
      sessionId: session.sessionId,
    })),
  });

  /** The account, locked so that neither its password nor its erasure passes the new session by. */
  async function stillValid(
    tx: Parameters<typeof lockUser>[0],
    { userId, changedAt }: CheckedCredential,
  ): Promise<User> {
    await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${userId}::uuid FOR SHARE`;
    const credential = await tx.credential.findFirst({
      where: { userId, changedAt, user: { erasedAt: null } },
      select: { user: true },
    });
    if (!credential) throw invalidCredentials(null, 'E-mail address or password is wrong.');
    return credential.user;
  }

  return {
    async create(input, request) {
      tokens.requireKey();
      const { email, password, refreshTokenIn } = checkInput(sessionCreateInput, input);
      const credential = await credentials.byEmail(email);
      const claim = { account: email, credential, password, field: null };
      const checked = await credentials.check(claim, request);
      const session = await prisma.$transaction(async (tx) => {
        const user = await stillValid(tx, checked);
        const opened = await store.open(tx, user, refreshTokenIn);
        await request.audit.record(tx, {
          action: 'session.create',
          subjectType: 'User',
          subjectId: user.id,
          actorId: user.id,
          details: { session: opened.sessionId },
        });
        return opened;
      });
      return issue(session);
    },

    async refresh(refreshToken, { audit, logger, receivedAt }) {
      tokens.requireKey();
      if (refreshToken === null) throw new Refusal(sessionExpired());
      const rotate = (amongOthers: boolean) =>
        prisma.$transaction(async (tx) => {
          const result = await store.rotate(tx, refreshToken, { receivedAt, amongOthers });
          if (result.outcome !== 'reused') return result;
          const { userId, sessionId } = result;
          await revokeSessions(tx, { userId, only: sessionId }, 'reuse');
          await audit.record(tx, {
            action: 'session.reuse',
            subjectType: 'User',
            subjectId: userId,
            details: { session: sessionId },
          });
          return result;
        });
      const rotation = await refreshing.during(refreshToken, rotate);
      if (rotation.outcome === 'rotated') return issue(rotation.session);
      if (rotation.outcome === 'raced') return null;
      if (rotation.outcome === 'reused')
        logger.warn({ sessionId: rotation.sessionId }, 'a refresh token came twice; its session was ended');
      throw new Refusal(sessionExpired());
    },

    async revoke({ userId, current, wanted, everywhere }, audit) {
      if (everywhere && wanted !== undefined)
        throw new Refusal(validationError(['id'], 'Give an id, or everywhere; not both.'));
      if (wanted === null) throw new Refusal(notFound(['id']));
      const only = wanted ?? current;
      if (!everywhere && only === undefined) return 0;
      return prisma.$transaction(async (tx) => {
        await lockUser(tx, userId);
        const count = await revokeSessions(tx, everywhere ? { userId } : { userId, only }, 'signed_out');
        if (wanted && !(await tx.session.findFirst({ where: { id: wanted, userId } })))
          throw new Refusal(notFound(['id']));
        if (count > 0) {
          await audit.record(tx, {
            action: 'session.revoke',
            subjectType: 'User',
            subjectId: userId,
            details: everywhere ? { everywhere } : { session: only },
          });
        }
        return count;
      });
    },
  };
}
