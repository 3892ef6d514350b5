import type { Logger } from '@tributary/platform';
import type { ImportRun, PrismaClient } from '@tributary/prisma/products/client';
import { createAuditTrail, type Evictions, ROLES } from '@tributary/subgraph-kit';
import { type FetchLimits, FileUnavailable, fetchFile } from './fetch-file.ts';
import { importCatalogue } from './import-catalogue.ts';
import { UnusableFile } from './read-rows.ts';
import { followRun } from './run-progress.ts';

/** Reads the files of imports that were asked for. */
export interface ImportPerformer {
  /**
   * Reads the file of a run, from its start; what an earlier try wrote is found unchanged. A run that has ended is left.
   *
   * @param lastAttempt - whether the run has failed when this does
   * @throws to be called again
   */
  perform(runId: string, job: { signal: AbortSignal; lastAttempt: boolean; logger: Logger }): Promise<void>;
}

export const createImportPerformer = (
  prisma: PrismaClient,
  evictions: Evictions,
  limits: FetchLimits,
): ImportPerformer => ({
  async perform(runId, { signal, lastAttempt, logger }) {
    const run = await prisma.importRun.findUnique({ where: { id: runId } });
    const source = run && sourceOf(run, limits, signal);
    if (!source) return;
    await prisma.importRun.update({
      where: { id: runId },
      data: { status: 'RUNNING', startedAt: run.startedAt ?? new Date() },
    });
    const progress = followRun(prisma, runId);
    try {
      const counts = await importCatalogue(prisma, {
        source,
        format: run.format,
        audit: createAuditTrail(prisma, auditSource(run)),
        evictions,
        runId,
        signal,
        onChange: progress.add,
        onBatch: progress.committed,
      });
      await progress.end(null);
      logger.info({ runId, ...counts }, 'imported a catalogue');
    } catch (error) {
      const failure = error instanceof UnusableFile || lastAttempt ? reasonOf(error) : null;
      if (failure !== null) await progress.end(failure);
      if (!(error instanceof UnusableFile)) throw error;
      logger.warn({ runId, reason: failure }, 'a file of a catalogue is of no use');
    }
  },
});

/** Null when the run has ended, and keeps neither. */
function sourceOf(
  { url, content }: ImportRun,
  limits: FetchLimits,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> | null {
  if (url !== null) return fetchFile(url, limits, signal);
  return content === null ? null : bytesOf(content);
}

async function* bytesOf(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

/** Who asked, as they were when they asked. */
function auditSource({ actorId, actorRole, requestId }: ImportRun) {
  const role = ROLES.find((candidate) => candidate === actorRole);
  return { viewer: actorId && role ? { userId: actorId, role } : null, service: null, requestId };
}

/** Why an import ended early, safe to display. */
export const reasonOf = (error: unknown): string =>
  error instanceof UnusableFile || error instanceof FileUnavailable
    ? error.message
    : 'the service could not go on; what it had written stays';
