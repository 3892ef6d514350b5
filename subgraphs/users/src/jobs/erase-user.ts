import { addJob } from '@tributary/jobs';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { createAuditTrail } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { eraseJob } from '../services/erasure.service.ts';
import type { PeopleElsewhere } from '../services/people-elsewhere.ts';

const payloadSchema = z.object({ userId: z.uuid(), requestId: z.string() });

const NOT_DONE_YET = 3_600_000; // 1 hour

/**
 * The job that erases a user in the other parts of the shop. One that does not answer fails the job, which is
 * retried; one that still needs something, such as the address of a parcel, is asked again an hour later.
 */
export const createEraseUser =
  (prisma: PrismaClient, elsewhere: PeopleElsewhere) =>
  async (payload: unknown): Promise<void> => {
    const { userId, requestId } = payloadSchema.parse(payload);
    // All are asked, also when one of them is away.
    const answers = await Promise.allSettled(
      elsewhere.subgraphs.map((subgraph) => elsewhere.erase(subgraph, userId, requestId)),
    );
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    if (answers.every((answer) => answer.status === 'fulfilled' && answer.value)) {
      await recordOnce(prisma, userId, requestId);
    } else {
      await addJob(prisma, eraseJob({ userId, requestId }, new Date(Date.now() + NOT_DONE_YET)));
    }
  };

async function recordOnce(prisma: PrismaClient, userId: string, requestId: string): Promise<void> {
  const erased = { action: 'user.erased', subjectType: 'User', subjectId: userId };
  if (await prisma.auditEntry.findFirst({ where: erased, select: { id: true } })) return;
  const audit = createAuditTrail(prisma, { viewer: null, service: 'users', requestId });
  await audit.record(prisma, erased);
}
