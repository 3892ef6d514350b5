import { BackupError } from '../backup-error.ts';
import { missingSegment } from '../verify.ts';
import type { WalChain } from '../wal-chain.ts';
import { formatLsn, type Lsn } from '../wal-segment.ts';

/** Bytes at the end that may be of a record that was just being received, and so was never acknowledged. */
const UNFINISHED_RECORD = 1_048_576;

const DAMAGE = /invalid|incorrect|unexpected|out-of-sequence|too long|contrecord|different database system/;
/** What PostgreSQL says of zeros, which the last file is filled up with. */
const END_OF_LOG = /got 0$|invalid magic number 0000/;

/**
 * Says why a server did not come up.
 *
 * @param log - lines of the server
 * @param to - the time that it was to stop at
 */
export function whyNotRecovered(
  log: readonly string[],
  chain: WalChain,
  to: string | undefined,
): BackupError {
  const last = lastTransaction(log);
  if (
    to !== undefined &&
    log.some((line) => line.includes('recovery ended before configured recovery target'))
  ) {
    if (chain.missing) return missingSegment(chain.missing);
    const damaged = damageIn(log, last);
    if (damaged) return damaged;
    return new BackupError(
      'RESTORE_TIME_UNCOVERED',
      `--to ${to}: the log ends before it, with ${last ?? 'no transaction'}; leave --to out for all that there is`,
    );
  }
  const reason = log.find((line) => /FATAL|PANIC/.test(line)) ?? log.at(-1) ?? 'it said nothing';
  return new BackupError('RESTORE_FAILED', `PostgreSQL did not come up: ${reason}`);
}

/**
 * Holds what was replayed against what there is, when all of it was wanted.
 *
 * @param replayed - the place in the log that the server came to
 * @throws BackupError `WAL_DAMAGED`
 */
export function expectWholeLog(log: readonly string[], chain: WalChain, replayed: Lsn): void {
  const last = lastTransaction(log);
  const damaged = damageIn(log, last);
  if (damaged) throw damaged;
  if (chain.end - replayed > UNFINISHED_RECORD)
    throw new BackupError(
      'WAL_DAMAGED',
      `the log goes on to ${formatLsn(chain.end)}, and can be read to ${formatLsn(replayed)} only; ${wayOut(last)}`,
    );
}

function damageIn(log: readonly string[], last: string | undefined): BackupError | null {
  const line = log.find((text) => text.includes('LOG: ') && DAMAGE.test(text) && !END_OF_LOG.test(text));
  if (!line) return null;
  return new BackupError('WAL_DAMAGED', `${line.replace(/^.*LOG: +/, '')}; ${wayOut(last)}`);
}

const wayOut = (last: string | undefined) =>
  last ? `with --to a time before ${last} you get what is whole` : 'nothing after the base backup is whole';

/** When the last transaction was that was replayed, in the server's words. */
const lastTransaction = (log: readonly string[]) =>
  log.map((line) => /last completed transaction was at log time (.*)$/.exec(line)?.[1]).find(Boolean);
