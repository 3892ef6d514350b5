import { sqltag as sql } from '@prisma/client/runtime/client';
import type { ImportRun, PrismaClient } from '@tributary/prisma/products/client';
import { z } from 'zod';
import type { Transaction } from '../catalogue/product-lock.ts';
import type { BatchReport } from './import-catalogue.ts';
import type { BadRow } from './import-row.ts';

/** Keeps the row of an import up to date. */
export interface RunProgress {
  /** Writes what a batch did in its transaction, so that what an import did before it was interrupted stays counted. */
  add(tx: Transaction, report: BatchReport): Promise<void>;
  /** Told after the commit: the transaction may have been tried several times. */
  committed(report: BatchReport): void;
  /** Ends the run. @param failure - why it ended before the file did */
  end(failure: string | null): Promise<void>;
}

const MAX_PROBLEMS = 100; // bad rows that are told of

/** @param runId - of a run that reads its file from the start */
export function followRun(prisma: PrismaClient, runId: string): RunProgress {
  let problems: readonly BadRow[] = [];
  const withThose = (badRows: readonly BadRow[]) => [...problems, ...badRows].slice(0, MAX_PROBLEMS);
  return {
    async add(tx, { total, batch, badRows }) {
      const good = total.rows - total.bad;
      await tx.$executeRaw(sql`
        UPDATE import_runs SET rows = ${total.rows}, bad = ${total.bad},
          problems = ${JSON.stringify(withThose(badRows))}::jsonb,
          created = created + ${batch.created}::integer, updated = updated + ${batch.updated}::integer,
          unchanged = greatest(
            ${good}::integer - created - ${batch.created}::integer - updated - ${batch.updated}::integer, 0
          )
        WHERE id = ${runId}::uuid`);
    },
    committed: ({ badRows }) => {
      problems = withThose(badRows);
    },
    async end(failure) {
      await prisma.importRun.update({
        where: { id: runId },
        data: {
          status: failure === null ? 'DONE' : 'FAILED',
          failure,
          url: null,
          content: null,
          finishedAt: new Date(),
        },
      });
    },
  };
}

const problemsSchema = z.array(z.object({ line: z.int(), reason: z.string() }));

/** The bad rows that a run tells of. */
export const problemsOf = ({ problems }: Pick<ImportRun, 'problems'>): BadRow[] =>
  problemsSchema.parse(problems);
