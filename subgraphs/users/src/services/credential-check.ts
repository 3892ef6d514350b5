import { sqltag as sql } from '@prisma/client/runtime/client';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { type AuditTrail, Refusal, userError } from '@tributary/subgraph-kit';
import type { Attempts } from './attempts.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** How an account signs in. */
export interface Credential {
  userId: string;
  email: string | null;
  /** Null when the account has no password: its user signs in at another issuer. */
  passwordHash: string | null;
  /** When the password was chosen. */
  changedAt: Date | null;
}

/** A password that was right. */
export interface CheckedCredential extends Credential {
  changedAt: Date;
}

/** A password that somebody gives. */
export interface PasswordClaim {
  /** What the tries are counted by: the e-mail address that was given, or the account's. */
  account: string;
  /** Null when there is no such account. */
  credential: Credential | null;
  password: string;
  /** Where in the input it was. */
  field: readonly string[] | null;
}

/** Where a claim comes from. */
export interface ClaimSource {
  audit: AuditTrail;
  clientAddress(): string | null;
}

/** Checks passwords; the only place where that is done. */
export interface CredentialCheck {
  /** Finds an account by its e-mail address, in lower case. */
  byEmail(email: string): Promise<Credential | null>;
  byUser(userId: string): Promise<Credential | null>;
  /**
   * Whether an account is there or not, has a password or not, and whether the password is wrong: it is the same
   * work, and the same refusal.
   *
   * @throws Refusal `InvalidCredentialsError`, or `TooManyAttemptsError` without looking at the password
   */
  check(claim: PasswordClaim, source: ClaimSource): Promise<CheckedCredential>;
}

export const invalidCredentials = (field: readonly string[] | null, message: string) =>
  new Refusal(userError('InvalidCredentialsError', 'INVALID_CREDENTIALS', message, field));

export function createCredentialCheck(
  prisma: PrismaClient,
  hasher: PasswordHasher,
  attempts: Attempts,
): CredentialCheck {
  /** In the same statement, whether there is an account or not. */
  async function find(column: 'email' | 'id', value: string): Promise<Credential | null> {
    const isMeant = column === 'email' ? sql`u.email = ${value}` : sql`u.id = ${value}::uuid`;
    const [credential] = await prisma.$queryRaw<Credential[]>(sql`
      SELECT u.id AS "userId", u.email, c.password_hash AS "passwordHash", c.changed_at AS "changedAt"
      FROM users u LEFT JOIN credentials c ON c.user_id = u.id
      WHERE ${isMeant} AND u.erased_at IS NULL`);
    return credential ?? null;
  }

  /** Hashes made with less work than those of today are made anew, now that the password is at hand. */
  async function strengthen(userId: string, passwordHash: string, password: string): Promise<void> {
    if (!hasher.isWeak(passwordHash)) return;
    const stronger = await hasher.hash(password);
    await prisma.credential.updateMany({
      where: { userId, passwordHash },
      data: { passwordHash: stronger },
    });
  }

  return {
    byEmail: (email) => find('email', email),
    byUser: (userId) => find('id', userId),

    async check({ account, credential, password, field }, { audit, clientAddress }) {
      const attempt = { account, address: clientAddress() };
      await attempts.begin(attempt);
      const fits = await hasher.verify(credential?.passwordHash ?? hasher.decoy, password);
      if (!fits || !credential?.passwordHash || !credential.changedAt) {
        if (!credential) await attempts.pretend(attempt);
        else
          await audit.record(prisma, {
            action: 'session.refused',
            subjectType: 'User',
            subjectId: credential.userId,
          });
        throw invalidCredentials(
          field,
          field ? 'The password is wrong.' : 'E-mail address or password is wrong.',
        );
      }
      await attempts.succeed(attempt);
      await strengthen(credential.userId, credential.passwordHash, password);
      return { ...credential, changedAt: credential.changedAt };
    },
  };
}
