import type pg from 'pg';
import { connectionError, type DatabaseSource, parseDatabaseUrl, withDatabase } from '../database-url.ts';
import { withClient } from '../ensure-database.ts';
import { BackupError } from './backup-error.ts';
import { APPLICATION_NAME } from './connection.ts';
import type { StoreIdentity } from './store.ts';

/** A server that can be backed up. */
export interface BackupSource {
  identity: StoreIdentity;
  /** Whoever connects for the backup; it is in the backup as well, and can look at what was restored. */
  user: string;
  /** For example `18.4`. */
  version: string;
}

/** Whether the log of a server is being received. */
export interface SlotState {
  exists: boolean;
  active: boolean;
}

const SELF = `
  SELECT pg_is_in_recovery() AS standby, current_user AS user, current_setting('server_version') AS version,
    current_setting('server_version_num')::int / 10000 AS major,
    (SELECT system_identifier::text FROM pg_control_system()) AS system,
    (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user) AS replicates,
    pg_has_role('pg_read_all_stats', 'USAGE') AS watches,
    (SELECT setting::int FROM pg_settings WHERE name = 'wal_segment_size') AS segment,
    ARRAY(SELECT spcname::text FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')) AS tablespaces`;

/**
 * Connects to the server that is backed up, always in the same database: the lock is of one.
 *
 * @throws StartupError naming the setting, when it cannot be reached
 */
export async function withServer<T>(
  source: DatabaseSource,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const url = withDatabase(parseDatabaseUrl(source).href, 'postgres');
  let connected = false;
  try {
    return await withClient(url, (client) => {
      connected = true;
      return use(client);
    });
  } catch (error) {
    throw connected ? error : connectionError({ ...source, url }, error);
  }
}

/**
 * Looks at a server before it is backed up.
 *
 * @throws BackupError `BACKUP_SERVER_UNFIT`
 */
export async function inspectServer(client: pg.Client): Promise<BackupSource> {
  const { rows } = await client.query(SELF);
  const { standby, user, version, major, system, replicates, watches, segment, tablespaces } = rows[0];
  const unfit = (reason: string) => new BackupError('BACKUP_SERVER_UNFIT', `BACKUP_SERVER_URL: ${reason}`);
  if (standby) throw unfit('the server is a standby; name the primary');
  if (!replicates) throw unfit(`user "${user}" may not replicate; ALTER ROLE "${user}" REPLICATION`);
  if (!watches) throw unfit(`user "${user}" may not see who receives the log; GRANT pg_monitor TO "${user}"`);
  if (tablespaces.length > 0)
    throw unfit(`the server has tablespaces of its own (${tablespaces.join(', ')}), which are not backed up`);
  const wal = await client.query<{ file: string }>('SELECT pg_walfile_name(pg_current_wal_lsn()) AS file');
  const timeline = Number.parseInt(wal.rows[0]?.file.slice(0, 8) ?? '', 16);
  return { identity: { system, timeline, major, segmentBytes: segment }, user, version };
}

/** Whether there is a slot for the log, which keeps on the server what was not received yet, and whether somebody receives. */
export async function slotState(client: pg.Client): Promise<SlotState> {
  const { rows } = await client.query<{ active: boolean }>(
    'SELECT active FROM pg_replication_slots WHERE slot_name = $1',
    [APPLICATION_NAME],
  );
  return { exists: rows.length > 0, active: rows[0]?.active ?? false };
}
