import type { Prisma } from '@tributary/prisma/users/client';

/** Why a session ended before its time. */
export type RevocationReason = 'signed_out' | 'reuse' | 'password_changed' | 'role_changed';

/** Sessions of one user. */
export interface SessionSelection {
  /** Uuid of the user. */
  userId: string;
  /** Uuid of the only session that is meant; all of them when left out. */
  only?: string | undefined;
  /** Uuid of a session that is not meant. */
  except?: string | undefined;
}

/**
 * Ends sessions: their refresh tokens are good for nothing from the commit on. Whoever ends several has locked the
 * user (`lockUser`), so that two that do it at once do not wait for each other.
 *
 * @returns how many ended, of those that had not ended yet
 */
export async function revokeSessions(
  tx: Prisma.TransactionClient,
  { userId, only, except }: SessionSelection,
  reason: RevocationReason,
): Promise<number> {
  const now = new Date();
  const { count } = await tx.session.updateMany({
    where: {
      userId,
      revokedAt: null,
      expiresAt: { gt: now },
      id: { ...(only !== undefined && { equals: only }), ...(except !== undefined && { not: except }) },
    },
    data: { revokedAt: now, revokedReason: reason },
  });
  return count;
}
