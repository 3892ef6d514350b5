import type { Pool, PoolClient } from 'pg';
import { isAnythingDue, lockOutbox, type OutboxRow, readOutbox, removeFromOutbox } from '../outbox/outbox.ts';
import { type NotedRefusal, noteRefusals, type RefusedRow, type RetryLimits } from '../outbox/refusals.ts';
import { keyOf, wavesOf } from './waves.ts';

/**
 * Sends events of which no two are of one entity.
 *
 * @returns those that were refused
 * @throws unless all others have arrived
 */
export type SendWave = (rows: readonly OutboxRow[]) => Promise<readonly RefusedRow[]>;

const BATCH = 500; // events in a transaction
const LONGEST = 10_000; // milliseconds after which no more waves of a batch are sent: the transaction is open that long

export interface BatchOptions {
  /** Events at most. @default 500 */
  batchSize?: number | undefined;
  /** Aborted when no more waves are to be sent. */
  signal: AbortSignal;
  /** How often a refused event is tried. */
  limits: RetryLimits;
  /** Told of refused events when it is noted that they were. */
  onRefused(refused: readonly NotedRefusal[]): void;
}

/**
 * Sends the oldest events and removes those that have arrived, in one transaction. It has the lock all the time; when it
 * breaks in between, they are sent again. What is refused is noted, and only events of the same entity wait for it.
 *
 * @returns whether there is more to do now
 * @throws what the sending threw; what had arrived before is removed
 */
export async function sendBatch(
  pool: Pool,
  send: SendWave,
  { batchSize = BATCH, signal, limits, onRefused }: BatchOptions,
): Promise<boolean> {
  if (!(await isAnythingDue(pool))) return false;
  const outcome = await inTransaction(pool, async (client) => {
    if (!(await lockOutbox(client))) return null;
    const rows = await readOutbox(client, batchSize);
    const { sent, refused, failure, isCutShort } = await sendWaves(rows, send, signal);
    if (sent.length > 0) await removeFromOutbox(client, sent);
    const noted = refused.length > 0 ? await noteRefusals(client, refused, limits) : [];
    return { noted, failure, isMore: rows.length === batchSize || isCutShort };
  });
  if (outcome && outcome.noted.length > 0) onRefused(outcome.noted);
  if (outcome?.failure) throw outcome.failure.reason;
  return outcome?.isMore ?? false;
}

interface Sent {
  sent: OutboxRow[];
  refused: RefusedRow[];
  /** Why others were neither. */
  failure: { reason: unknown } | null;
  /** Whether there was no time for all of them. */
  isCutShort: boolean;
}

/** One wave after the other, until one fails or time is up; without the events that follow a refused one. */
async function sendWaves(rows: readonly OutboxRow[], send: SendWave, signal: AbortSignal): Promise<Sent> {
  const sent: OutboxRow[] = [];
  const refused: RefusedRow[] = [];
  const held = new Set<string>();
  const end = performance.now() + LONGEST;
  for (const all of wavesOf(rows)) {
    const wave = all.filter((row) => !held.has(keyOf(row)));
    if (wave.length === 0) continue;
    if (signal.aborted || performance.now() > end) return { sent, refused, failure: null, isCutShort: true };
    try {
      const now = await send(wave);
      refused.push(...now);
      for (const { row } of now) held.add(keyOf(row));
    } catch (reason) {
      return { sent, refused, failure: { reason }, isCutShort: true };
    }
    sent.push(...wave.filter((row) => !held.has(keyOf(row))));
  }
  return { sent, refused, failure: null, isCutShort: false };
}

async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // Nobody knows what it is in the middle of; without it, the server rolls back.
    client.release(true);
    throw error;
  }
}
