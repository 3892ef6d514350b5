import { createHash } from 'node:crypto';
import { addJob } from '@tributary/jobs';
import type { ImportRun, PrismaClient } from '@tributary/prisma/products/client';
import {
  type AuditTrail,
  checkInput,
  lengthOf,
  Refusal,
  text,
  type Viewer,
  validationError,
} from '@tributary/subgraph-kit';
import { z } from 'zod';
import { invalid } from '../catalogue/catalogue-errors.ts';
import { idempotencyKeyReused } from '../inventory/stock-errors.ts';
import { mayFetch } from './fetch-file.ts';
import type { ImportFormat } from './read-rows.ts';

/** Name of the task that reads the file. Its payload is `ImportJob`. */
export const IMPORT_TASK = 'catalogue.import';

export interface ImportJob {
  /** Uuid. */
  runId: string;
}

/** Somebody who asks for an import. */
export interface ImportRequester {
  viewer: Viewer;
  requestId: string;
  audit: AuditTrail;
}

/** Imports that staff ask for, and what became of them. */
export interface ImportRunService {
  /**
   * Has a file read by a job; the same request again answers with the same run.
   *
   * @throws Refusal when the input is wrong, the address is not allowed, or the key was used for another request
   */
  request(input: unknown, by: ImportRequester): Promise<ImportRun>;
  /** @param id - uuid */
  find(id: string): Promise<ImportRun | null>;
}

const MAX_CONTENT = 50_000; // characters
const MAX_ATTEMPTS = 10; // which take about three hours
const QUEUE = 'catalogue.import'; // one after the other: each keeps a processor busy

const inputSchema = z.object({
  format: z.enum(['CSV', 'NDJSON']),
  url: z.string().max(2_000, 'At most 2,000 characters.').nullish(),
  content: z
    .string()
    .min(1, 'This must not be empty.')
    .refine((content) => lengthOf(content) <= MAX_CONTENT, `At most ${MAX_CONTENT} characters.`)
    .nullish(),
  idempotencyKey: text({ max: 200 }),
});

/** @param hosts - that files may be fetched from */
export const createImportRunService = (prisma: PrismaClient, hosts: readonly string[]): ImportRunService => ({
  async request(input, { viewer, requestId, audit }) {
    const { format, url = null, content = null, idempotencyKey } = checkInput(inputSchema, input);
    if ((url === null) === (content === null))
      throw new Refusal(validationError(null, 'Give either url or content.'));
    if (url !== null) refuseAddress(url, hosts);
    const requestHash = createHash('sha256')
      .update(JSON.stringify([format, url, content]))
      .digest();
    return prisma.$transaction(async (tx) => {
      const [run] = await tx.importRun.createManyAndReturn({
        data: [
          {
            format,
            url,
            content,
            actorId: viewer.userId,
            actorRole: viewer.role,
            requestId,
            idempotencyKey,
            requestHash,
          },
        ],
        skipDuplicates: true,
      });
      if (!run) {
        const key = { actorId: viewer.userId, idempotencyKey };
        const earlier = await tx.importRun.findUniqueOrThrow({ where: { actorId_idempotencyKey: key } });
        if (earlier.requestHash && requestHash.equals(earlier.requestHash)) return earlier;
        throw new Refusal(idempotencyKeyReused(['idempotencyKey']));
      }
      const payload: ImportJob = { runId: run.id };
      await addJob(tx, { task: IMPORT_TASK, payload, queue: QUEUE, maxAttempts: MAX_ATTEMPTS });
      await audit.record(tx, {
        action: 'catalogue.import.request',
        subjectType: 'ImportRun',
        subjectId: run.id,
        details: { format, from: url === null ? 'content' : withoutSecrets(url) },
      });
      return run;
    });
  },

  find: (id) => prisma.importRun.findUnique({ where: { id } }),
});

function refuseAddress(url: string, hosts: readonly string[]): void {
  if (mayFetch(url, hosts)) return;
  throw invalid(
    ['url'],
    hosts.length === 0
      ? 'Files are not fetched here: the setting IMPORT_HOSTS names no host.'
      : 'Give an https address on a host that the setting IMPORT_HOSTS names, without a user name.',
  );
}

/** Addresses of shops' storage often are signed by what follows the path. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** The row of a file that somebody reads at a terminal. @returns its uuid */
export async function startLocalRun(
  prisma: PrismaClient,
  format: ImportFormat,
  requestId: string,
): Promise<string> {
  const run = await prisma.importRun.create({
    data: { format, requestId, status: 'RUNNING', startedAt: new Date() },
  });
  return run.id;
}
