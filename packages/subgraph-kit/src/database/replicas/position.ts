/** A place in the write-ahead log of a database. */
export interface Position {
  /**
   * Which log: that of a cluster, its timeline (a new one after each fail-over and each restored backup) and a database in it.
   * Positions in different logs cannot be compared.
   */
  history: string;
  /** From its beginning. */
  bytes: number;
}

/** What runs one statement. */
export interface Reader {
  query(statement: string): Promise<{ rows: unknown[] }>;
}

/** The place up to which a replica has replayed the log. */
export interface ReplayedPosition {
  /** The cluster and the database, without the timeline, of which a replica does not tell. */
  source: string;
  bytes: number;
}

const SOURCE = `(SELECT system_identifier FROM pg_control_system()) || '/' || current_database() AS source`;

// The insert position, not what was written: a commit may be seen before the log of it is written (`synchronous_commit`).
const ON_PRIMARY = `
  SELECT ${SOURCE}, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) AS timeline,
    pg_current_wal_insert_lsn() - '0/0' AS bytes`;

const ON_REPLICA = `
  SELECT ${SOURCE}, CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0' END AS bytes`;

/**
 * The place where a database is at the moment: after everything that anybody has seen there.
 *
 * @throws when it cannot be asked, or is a replica itself
 */
export async function positionOfPrimary(primary: Reader): Promise<Position & { source: string }> {
  const { rows } = await primary.query(ON_PRIMARY);
  const { source, timeline, bytes } = rows[0] as { source: string; timeline: string; bytes: string };
  return { source, history: `${source}/${timeline}`, bytes: Number(bytes) };
}

/** @returns null for a server that is no replica any more @throws when it cannot be asked */
export async function positionOfReplica(replica: Reader): Promise<ReplayedPosition | null> {
  const { rows } = await replica.query(ON_REPLICA);
  const { source, bytes } = rows[0] as { source: string; bytes: string | null };
  return bytes === null ? null : { source, bytes: Number(bytes) };
}
