import { addJob } from '@tributary/jobs';
import type { DataExport, PrismaClient } from '@tributary/prisma/users/client';
import type { AuditTrail } from '@tributary/subgraph-kit';
import { lockUser } from './user-lock.ts';

/** An export without what it holds. */
export type DataExportSummary = Omit<DataExport, 'document'>;

/** Everything about an export but its document, which is large. */
export const SUMMARY_ONLY = { document: true } as const;

/** The job that gathers an export. */
export const EXPORT_TASK = 'user.export';

/** Lets users know what the shop holds of them. */
export interface DataExportService {
  /**
   * Asks for an export; while there is one that is being gathered, that is the answer.
   *
   * @param requestId - of the client's request, for the logs of who takes part
   * @throws UNAUTHENTICATED when the user is gone
   */
  request(userId: string, requestId: string, audit: AuditTrail): Promise<DataExportSummary>;
}

const MAX_ATTEMPTS = 12; // with the worker's back-off about half a day

export function createDataExportService(prisma: PrismaClient): DataExportService {
  return {
    request: (userId, requestId, audit) =>
      prisma.$transaction(async (tx) => {
        await lockUser(tx, userId);
        const pending = await tx.dataExport.findFirst({
          where: { userId, status: 'PENDING' },
          omit: SUMMARY_ONLY,
        });
        if (pending) return pending;
        const requested = await tx.dataExport.create({ data: { userId }, omit: SUMMARY_ONLY });
        await addJob(tx, {
          task: EXPORT_TASK,
          payload: { exportId: requested.id, requestId },
          key: `${EXPORT_TASK}:${requested.id}`,
          maxAttempts: MAX_ATTEMPTS,
        });
        await audit.record(tx, { action: 'user.export', subjectType: 'User', subjectId: userId });
        return requested;
      }),
  };
}
