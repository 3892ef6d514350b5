import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { PrismaClient } from '@tributary/prisma/users/client';
import { createChildrenLoader, createRowLoader } from '@tributary/subgraph-kit';
import DataLoader from 'dataloader';
import { type DataExportSummary, SUMMARY_ONLY } from '../services/data-export.service.ts';

const decompress = promisify(gunzip);

/** Ways of looking up what users asked to know of themselves. */
export const createDataExportLoaders = (prisma: PrismaClient) => ({
  dataExportById: createRowLoader<DataExportSummary>(
    (ids) => prisma.dataExport.findMany({ where: { id: { in: [...ids] } }, omit: SUMMARY_ONLY }),
    (wanted) => wanted.id,
  ),
  dataExportsOfUser: createChildrenLoader<DataExportSummary>(
    (userIds) =>
      prisma.dataExport.findMany({
        where: { userId: { in: [...userIds] } },
        orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
        omit: SUMMARY_ONLY,
      }),
    (wanted) => wanted.userId,
  ),
  /** The JSON value that an export holds; one at a time, since each may be large. */
  exportDocument: new DataLoader<string, unknown>(async (ids) => {
    const documents: unknown[] = [];
    for (const id of ids) documents.push(await readDocument(prisma, id));
    return documents;
  }),
});

async function readDocument(prisma: PrismaClient, id: string): Promise<unknown> {
  const row = await prisma.dataExport.findUnique({ where: { id }, select: { document: true } });
  return row?.document ? JSON.parse((await decompress(row.document)).toString()) : null;
}
