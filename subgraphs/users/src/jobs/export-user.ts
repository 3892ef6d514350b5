import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { z } from 'zod';
import { readOwnData } from '../services/own-data.ts';
import type { PeopleElsewhere } from '../services/people-elsewhere.ts';

const payloadSchema = z.object({ exportId: z.uuid(), requestId: z.string() });

const DAY = 86_400_000; // ms

const compress = promisify(gzip);

/**
 * The job that gathers an export, and puts it in the place of the user's earlier ones.
 *
 * @param exportDays - that the user has for fetching it
 */
export const createExportUser =
  (prisma: PrismaClient, elsewhere: PeopleElsewhere, exportDays: number) =>
  async (payload: unknown): Promise<void> => {
    const { exportId, requestId } = payloadSchema.parse(payload);
    const wanted = await prisma.dataExport.findUnique({ where: { id: exportId, status: 'PENDING' } });
    if (!wanted) return;
    const { userId } = wanted;
    const document = {
      users: await readOwnData(prisma, userId),
      ...Object.fromEntries(
        await Promise.all(
          elsewhere.subgraphs.map(
            async (subgraph) => [subgraph, await elsewhere.read(subgraph, userId, requestId)] as const,
          ),
        ),
      ),
    };
    const finishedAt = new Date();
    const ready = {
      status: 'READY' as const,
      finishedAt,
      expiresAt: new Date(finishedAt.getTime() + exportDays * DAY),
      document: new Uint8Array(await compress(JSON.stringify(document))),
    };
    await prisma.$transaction(async (tx) => {
      // It may be gone by now, with its user.
      const { count } = await tx.dataExport.updateMany({
        where: { id: exportId, status: 'PENDING' },
        data: ready,
      });
      if (count > 0) await tx.dataExport.deleteMany({ where: { userId, id: { not: exportId } } });
    });
  };
