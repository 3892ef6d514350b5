import { setTimeout as sleep } from 'node:timers/promises';
import {
  startTemporaryPostgres,
  startTemporaryStandby,
  type TemporaryPostgres,
  withClient,
} from '@tributary/database';

/** A PostgreSQL with a read replica that streams from it, started for a test. */
export interface ReplicatedPostgres {
  primary: TemporaryPostgres;
  replica: StreamingReplica;
  /** Ends both. */
  stop(): Promise<void>;
}

/** A replica that can be held up, and restarted as any temporary server. */
export interface StreamingReplica extends TemporaryPostgres {
  /** Has it take the log and not replay it: it goes on showing what is there now. */
  pause(): Promise<void>;
  /** Has it replay the log again. */
  resume(): Promise<void>;
  /** Waits until it shows all that the primary has at the moment. */
  caughtUp(): Promise<void>;
}

/** What a primary needs beside the settings of any temporary server. */
const STREAMING = { synchronous_commit: 'on' };

/** Starts a primary and its replica: some seconds. @param settings - further settings of both */
export async function startReplicatedPostgres(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<ReplicatedPostgres> {
  const primary = await startTemporaryPostgres({ ...STREAMING, ...settings });
  const replica = await startStreamingReplica(primary, settings).catch(async (error: unknown) => {
    await primary.stop();
    throw error;
  });
  return {
    primary,
    replica,
    async stop() {
      await replica.stop();
      await primary.stop();
    },
  };
}

/** Starts a replica of a server that has data already. @param settings - further settings of the replica */
export async function startStreamingReplica(
  primary: TemporaryPostgres,
  settings?: Readonly<Record<string, string | number>>,
): Promise<StreamingReplica> {
  const server = await startTemporaryStandby(primary, settings);
  const onReplica = <Row>(statement: string) => query<Row>(server.url('postgres'), statement);
  return {
    ...server,
    async pause() {
      await onReplica('SELECT pg_wal_replay_pause()');
      const state = async () =>
        (await onReplica<{ state: string }>('SELECT pg_get_wal_replay_pause_state() AS state')).state;
      while ((await state()) !== 'paused') await sleep(20);
    },
    resume: async () => void (await onReplica('SELECT pg_wal_replay_resume()')),
    async caughtUp() {
      const { lsn } = await query<{ lsn: string }>(
        primary.url('postgres'),
        'SELECT pg_current_wal_insert_lsn()::text AS lsn',
      );
      const isThere = async () =>
        (await onReplica<{ there: boolean }>(`SELECT pg_last_wal_replay_lsn() >= '${lsn}' AS there`)).there;
      while (!(await isThere())) await sleep(20);
    },
  };
}

const query = <Row>(url: string, statement: string): Promise<Row> =>
  withClient(url, async (client) => (await client.query(statement)).rows[0] as Row);
