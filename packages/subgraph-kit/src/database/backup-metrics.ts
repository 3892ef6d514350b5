import { withClient } from '@tributary/database';
import { Gauge, type Logger, type Registry } from '@tributary/platform';

/** The replication slot of `npm run backup -- receive`, see docs/backup.md. */
const SLOT = 'tributary_backup';

/** Both figures of one answer are from one look. */
const FRESH = 1_000; // 1 second

interface SlotRow {
  active: boolean;
  /** Null when the server has thrown away what was not received. */
  kept: number | null;
}

/**
 * Shows whether somebody receives the database server's log for the backup, looked up when the metrics are asked for. Nothing
 * is shown where there is no backup.
 *
 * @param url - of the database, past a connection pooler
 */
export function showBackupLog(url: string, { logger, metrics }: { logger: Logger; metrics: Registry }): void {
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<SlotRow | undefined> | undefined;
  const read = () => {
    if (reading && performance.now() - readAt < FRESH) return reading;
    readAt = performance.now();
    reading = readSlot(url).catch((error: unknown) => {
      logger.warn({ err: error }, 'whether the log is received for the backup could not be looked up');
      return undefined;
    });
    return reading;
  };
  const show = (name: string, help: string, pick: (slot: SlotRow) => number | null) =>
    new Gauge({
      name,
      help,
      registers: [metrics],
      async collect() {
        const slot = await read();
        const value = slot ? pick(slot) : null;
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  show(
    'db_backup_log_received',
    'Whether somebody receives the log of the database server for its backup: 1 or 0',
    ({ active }) => Number(active),
  );
  show(
    'db_backup_log_kept_bytes',
    'Log that the database server keeps because the backup has not received it',
    ({ kept }) => kept,
  );
}

const readSlot = (url: string): Promise<SlotRow | undefined> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<SlotRow>(
      `SELECT active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS kept
       FROM pg_replication_slots WHERE slot_name = $1`,
      [SLOT],
    );
    return rows[0];
  });
