import type { PrismaClient } from '@tributary/prisma/users/client';
import { type AuditTrail, checkInput } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { type CredentialCheck, invalidCredentials } from './credential-check.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { chosenPassword, givenPassword, refuseOwnEmail } from './password-rules.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { lockUser } from './user-lock.ts';

/** Who changes their password, and from where. */
export interface PasswordChange {
  /** Uuid. */
  userId: string;
  /** Uuid of the session that asks, which goes on; undefined when the viewer signed in elsewhere. */
  current: string | undefined;
  clientAddress(): string | null;
}

/** Changes passwords. */
export interface PasswordService {
  /**
   * @returns how many other sessions of the user ended with it
   * @throws Refusal when nothing was changed; UNAUTHENTICATED when the user is gone
   */
  change(who: PasswordChange, input: unknown, audit: AuditTrail): Promise<number>;
}

const passwordChangeInput = z.object({ currentPassword: givenPassword, newPassword: chosenPassword });
const FIELD = ['currentPassword'];

export function createPasswordService(
  prisma: PrismaClient,
  { credentials, hasher }: { credentials: CredentialCheck; hasher: PasswordHasher },
): PasswordService {
  return {
    async change({ userId, current, clientAddress }, input, audit) {
      const { currentPassword, newPassword } = checkInput(passwordChangeInput, input);
      const credential = await credentials.byUser(userId);
      const account = credential?.email ?? userId;
      const claim = { account, credential, password: currentPassword, field: FIELD };
      const { changedAt } = await credentials.check(claim, { audit, clientAddress });
      refuseOwnEmail(newPassword, account, 'newPassword');
      const passwordHash = await hasher.hash(newPassword);
      return prisma.$transaction(async (tx) => {
        // Before the password, as signing in does: neither overtakes the other.
        await lockUser(tx, userId);
        const { count } = await tx.credential.updateMany({
          where: { userId, changedAt },
          data: { passwordHash, changedAt: new Date() },
        });
        // Another change was faster, and what was the password is none any more.
        if (count === 0) throw invalidCredentials(FIELD, 'The password is wrong.');
        await audit.record(tx, { action: 'password.change', subjectType: 'User', subjectId: userId });
        return revokeSessions(tx, { userId, except: current }, 'password_changed');
      });
    },
  };
}
