import type { Pool, PoolClient } from 'pg';
import {
  isAnythingWaiting,
  lockOutbox,
  type OutboxRow,
  readOutbox,
  removeFromOutbox,
} from '../outbox/outbox.ts';
import { wavesOf } from './waves.ts';

/** Sends events of which no two are of one entity. @throws unless all of them have arrived */
export type SendWave = (rows: readonly OutboxRow[]) => Promise<void>;

const BATCH = 500; // events in a transaction
const LONGEST = 10_000; // milliseconds after which no more waves of a batch are sent: the transaction is open that long

export interface BatchOptions {
  /** Events at most. @default 500 */
  batchSize?: number | undefined;
  /** Aborted when no more waves are to be sent. */
  signal: AbortSignal;
}

/**
 * Sends the oldest events and removes those that have arrived, in one transaction. It has the lock all the time; when it
 * breaks in between, they are sent again.
 *
 * @returns whether there is more to do now
 * @throws what the sending threw; what had arrived before is removed
 */
export async function sendBatch(
  pool: Pool,
  send: SendWave,
  { batchSize = BATCH, signal }: BatchOptions,
): Promise<boolean> {
  if (!(await isAnythingWaiting(pool))) return false;
  const outcome = await inTransaction(pool, async (client) => {
    if (!(await lockOutbox(client))) return null;
    const rows = await readOutbox(client, batchSize);
    const { sent, failure } = await sendWaves(rows, send, signal);
    if (sent.length > 0) await removeFromOutbox(client, sent);
    return { failure, isMore: rows.length === batchSize || sent.length < rows.length };
  });
  if (outcome?.failure) throw outcome.failure.reason;
  return outcome?.isMore ?? false;
}

interface Sent {
  sent: OutboxRow[];
  /** Why it was not all of them. */
  failure: { reason: unknown } | null;
}

/** One wave after the other, until one fails or time is up. */
async function sendWaves(rows: readonly OutboxRow[], send: SendWave, signal: AbortSignal): Promise<Sent> {
  const sent: OutboxRow[] = [];
  const end = performance.now() + LONGEST;
  for (const wave of wavesOf(rows)) {
    if (signal.aborted || performance.now() > end) break;
    try {
      await send(wave);
    } catch (reason) {
      return { sent, failure: { reason } };
    }
    sent.push(...wave);
  }
  return { sent, failure: null };
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
