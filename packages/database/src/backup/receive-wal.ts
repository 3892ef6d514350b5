import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { DatabaseSource } from '../database-url.ts';
import { BackupError } from './backup-error.ts';
import { APPLICATION_NAME, libpqEnvironment } from './connection.ts';
import { runTool } from './run-tool.ts';
import { inspectServer, slotState, withServer } from './server.ts';
import type { BackupOptions } from './settings.ts';
import { openStoreFor } from './store.ts';
import { findTools } from './tools.ts';

/** How the log is received. */
export interface Receiving {
  /** Whether commits wait until it is on our disk. */
  synchronous: boolean;
}

const LOOK_AGAIN = 50; // ms

/**
 * Receives the log of a server as it is written, and has it on the disk before it tells the server so. The server keeps what was
 * not received (a replication slot), so nothing is missing after a pause.
 *
 * @param signal - ends it in order
 * @param started - told once, when the log comes in
 * @throws BackupError `BACKUP_RUNNING` while somebody else receives, `WAL_LOST_SERVER` when the connection ends: whoever
 *   supervises this starts it again, which then looks whether it is the same server
 */
export async function receiveWal(
  source: DatabaseSource,
  options: BackupOptions,
  signal: AbortSignal,
  started: (receiving: Receiving) => void,
): Promise<void> {
  const { program, folder } = await withServer(source, async (client) => {
    const { identity } = await inspectServer(client);
    const tools = await findTools(identity.major, ['pg_receivewal'], options.bin);
    const store = await openStoreFor(options.dir, identity);
    await takeSlot(client);
    return { program: tools.pg_receivewal, folder: store.wal };
  });
  const [ended, failed] = [new AbortController(), new AbortController()];
  const receiving = runTool(
    program,
    [`--directory=${folder}`, `--slot=${APPLICATION_NAME}`, '--synchronous', '--no-loop', '--no-password'],
    { env: libpqEnvironment(source), signal: AbortSignal.any([signal, failed.signal]) },
  ).finally(() => ended.abort());
  const announcing = announce(source, ended.signal, started).catch((error: unknown) => {
    failed.abort();
    throw error;
  });
  const [received, announced] = await Promise.allSettled([receiving, announcing]);
  if (received.status === 'rejected') throw received.reason;
  const { code, reason } = received.value;
  if (code !== 0) throw new BackupError('WAL_LOST_SERVER', `the log is not received any more: ${reason}`);
  if (announced.status === 'rejected' && !signal.aborted) throw announced.reason;
}

async function takeSlot(client: pg.Client): Promise<void> {
  const { exists, active } = await slotState(client);
  if (active)
    throw new BackupError(
      'BACKUP_RUNNING',
      'the log of this server is being received already; one process is enough',
    );
  if (!exists) await client.query('SELECT pg_create_physical_replication_slot($1, true)', [APPLICATION_NAME]);
}

/** Waits until the server lists us among those it sends its log to. */
async function announce(
  source: DatabaseSource,
  ended: AbortSignal,
  started: (receiving: Receiving) => void,
): Promise<void> {
  await withServer(source, async (client) => {
    while (!ended.aborted) {
      const { rows } = await client.query<{ waits: boolean }>(
        `SELECT sync_state IN ('sync', 'quorum') AND current_setting('synchronous_commit') <> 'local' AS waits
         FROM pg_stat_replication WHERE application_name = $1 AND state = 'streaming'`,
        [APPLICATION_NAME],
      );
      if (rows[0]) return started({ synchronous: rows[0].waits });
      await sleep(LOOK_AGAIN);
    }
  });
}
