import { sqltag as sql } from '@prisma/client/runtime/client';
import { addJobs, type NewJob } from '@tributary/jobs';
import type { Prisma, PrismaClient } from '@tributary/prisma/users/client';
import { type AuditTrail, checkInput, type Evictions } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { lastAdmin } from './role.service.ts';
import { lockAdmins } from './user-lock.ts';

/** The job that erases a user in the other parts of the shop. */
export const ERASE_TASK = 'user.erase';

/** Whom the job erases, and which request asked for it. */
export interface ErasePayload {
  /** Uuid. */
  userId: string;
  requestId: string;
}

/** Erases users. */
export interface ErasureService {
  /**
   * Erases a user here, and has a job do the same elsewhere. Erasing one who is erased changes nothing.
   *
   * @throws Refusal when the input does not confirm it, or nobody would be left who assigns roles
   */
  erase(user: ErasePayload, input: unknown, audit: AuditTrail): Promise<void>;
}

const MAX_ATTEMPTS = 100; // with the worker's back-off some weeks
const LAST_ROUND = 86_400_000; // 1 day: by then no access token of the user is valid any more
const ERASED_NAME = 'Erased user';

const eraseInput = z.object({ confirm: z.literal(true, 'Confirm with true: there is no way back.') });

/** @param round - rounds are there beside each other; the next job of one replaces that before */
export const eraseJob = (
  { userId, requestId }: ErasePayload,
  runAt: Date | undefined,
  round = 'first',
): NewJob => ({
  task: ERASE_TASK,
  payload: { userId, requestId },
  key: `${ERASE_TASK}:${userId}:${round}`,
  maxAttempts: MAX_ATTEMPTS,
  ...(runAt && { runAt }),
});

export function createErasureService(prisma: PrismaClient, evictions: Evictions): ErasureService {
  return {
    async erase(user, input, audit) {
      checkInput(eraseInput, input);
      const { userId } = user;
      await prisma.$transaction(async (tx) => {
        const admins = await lockAdmins(tx);
        if (admins.length === 1 && admins[0] === userId) throw lastAdmin();
        const { count } = await tx.user.updateMany({
          where: { id: userId, erasedAt: null },
          data: { erasedAt: new Date(), email: null, displayName: ERASED_NAME, role: 'CUSTOMER' },
        });
        if (count === 0) return;
        const addressIds = await deleteBelongings(tx, userId);
        await audit.record(tx, { action: 'user.erase', subjectType: 'User', subjectId: userId });
        await addJobs(tx, [
          ...evictions.jobs({ entities: { User: [userId], Address: addressIds } }),
          eraseJob(user, undefined),
          // Until their access token ends they may have put something into a cart again.
          eraseJob(user, new Date(Date.now() + LAST_ROUND), 'last'),
        ]);
      });
    },
  };
}

/** @returns uuids of their addresses */
async function deleteBelongings(tx: Prisma.TransactionClient, userId: string): Promise<string[]> {
  const addresses = await tx.$queryRaw<{ id: string }[]>(sql`
    DELETE FROM addresses WHERE user_id = ${userId}::uuid RETURNING id`);
  await tx.dataExport.deleteMany({ where: { userId } });
  await tx.credential.deleteMany({ where: { userId } });
  await tx.session.deleteMany({ where: { userId } }); // and their refresh tokens
  return addresses.map(({ id }) => id);
}
