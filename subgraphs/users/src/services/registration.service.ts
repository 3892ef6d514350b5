import type { PrismaClient } from '@tributary/prisma/users/client';
import { checkInput, Refusal, text, userError } from '@tributary/subgraph-kit';
import { z } from 'zod';
import type { Attempts } from './attempts.ts';
import { emailAddress } from './email-address.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { chosenPassword, refuseOwnEmail } from './password-rules.ts';
import type { IssuedSession, SignInRequest } from './session.service.ts';
import type { SessionStore } from './session-store.ts';
import type { TokenIssuer } from './tokens.ts';

/** Makes accounts. */
export interface RegistrationService {
  /**
   * Makes an account, with its first session.
   *
   * @throws Refusal when no account was made; SignInNotConfigured
   */
  register(input: unknown, request: SignInRequest): Promise<IssuedSession>;
}

const MAX_NAME = 200; // characters
const userRegisterInput = z.object({
  email: emailAddress,
  password: chosenPassword,
  displayName: text({ max: MAX_NAME }),
  refreshTokenIn: z.enum(['BODY', 'COOKIE']),
});

export function createRegistrationService(
  prisma: PrismaClient,
  parts: { attempts: Attempts; hasher: PasswordHasher; store: SessionStore; tokens: TokenIssuer },
): RegistrationService {
  const { attempts, hasher, store, tokens } = parts;
  return {
    async register(input, { audit, clientAddress }) {
      tokens.requireKey();
      const { email, password, displayName, refreshTokenIn } = checkInput(userRegisterInput, input);
      refuseOwnEmail(password, email, 'password');
      await attempts.register(clientAddress());
      const passwordHash = await hasher.hash(password);
      const session = await prisma.$transaction(async (tx) => {
        // Of those that come at once with one address, the database lets one through.
        const [user] = await tx.user.createManyAndReturn({
          data: [{ email, displayName }],
          skipDuplicates: true,
        });
        if (!user) throw emailTaken();
        const { id: userId, createdAt: changedAt } = user;
        await tx.credential.createMany({ data: [{ userId, passwordHash, changedAt }] });
        const opened = await store.open(tx, user, refreshTokenIn);
        const event = { subjectType: 'User', subjectId: userId, actorId: userId };
        await audit.record(tx, { ...event, action: 'user.register' });
        await audit.record(tx, {
          ...event,
          action: 'session.create',
          details: { session: opened.sessionId },
        });
        return opened;
      });
      const { user, sessionId } = session;
      return { ...session, ...(await tokens.issue({ userId: user.id, role: user.role, sessionId })) };
    },
  };
}

const emailTaken = () =>
  new Refusal(
    userError('EmailTakenError', 'EMAIL_TAKEN', 'There is an account with this e-mail address.', ['email']),
  );
