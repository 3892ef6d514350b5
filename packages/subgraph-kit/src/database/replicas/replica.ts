import { performance } from 'node:perf_hooks';
import type { Logger } from '@tributary/platform';
import type pg from 'pg';
import type { LagMeter } from './lag-meter.ts';
import { positionOfReplica } from './position.ts';

/** One read replica, as this process knows it. */
export interface Replica {
  /** `host:port` */
  readonly name: string;
  /** For statements. */
  readonly pool: pg.Pool;
  /** Up to where it has surely replayed the log, in bytes. */
  readonly replayed: number;
  /** Seconds that it was behind when it was looked at last; NaN while that is not known. */
  readonly lag: number;
  /** Whether it may be read: what it shows is not older than the limit. */
  readonly isInRotation: boolean;
  /** Asks where it is. Who asks meanwhile shares the look; it never fails. */
  look(): Promise<void>;
  /** Takes it out until it was looked at again. */
  leave(reason: string): void;
  close(): Promise<void>;
}

export interface ReplicaOptions {
  name: string;
  pool: pg.Pool;
  /** One connection, for looks alone: a look never waits for statements. */
  watch: pg.Pool;
  meter: LagMeter;
  /** Oldest state that may be read, in milliseconds. */
  maxLag: number;
  /** The cluster and database that it has to be a replica of; undefined while that is not known. */
  source(): string | undefined;
  logger: Logger;
}

/** Follows one replica. It is out of the rotation until the first look. */
export function followReplica({ name, pool, watch, meter, maxLag, source, logger }: ReplicaOptions): Replica {
  const connections = followConnections(pool);
  let replayed = -1;
  let reached = false;
  let completeUntil = -Infinity;
  let wasInRotation: boolean | undefined;
  let looking: Promise<void> | undefined;

  const isInRotation = () => performance.now() - completeUntil <= maxLag;
  const tell = (reason: string) => {
    if (wasInRotation === isInRotation()) return;
    wasInRotation = isInRotation();
    if (wasInRotation) logger.info({ replica: name }, 'a replica is read');
    else logger.warn({ replica: name, reason }, 'a replica is not read');
  };
  const leave = (reason: string) => {
    completeUntil = -Infinity;
    tell(reason);
  };
  const lookOnce = async () => {
    try {
      const position = await positionOfReplica(watch);
      reached = position !== null && position.source === source();
      if (!position || !reached) {
        replayed = -1;
        leave('it is no replica of this database');
        return;
      }
      replayed = position.bytes;
      completeUntil = meter.completeUntil(replayed);
      tell('it is too far behind');
    } catch (error) {
      reached = false;
      leave((error as Error).message);
      // Who waits on a server that is gone without a word asks elsewhere.
      connections.cut();
    }
  };

  return {
    name,
    pool,
    get replayed() {
      return replayed;
    },
    get lag() {
      if (!reached || completeUntil === -Infinity) return Number.NaN;
      return meter.isComplete(replayed) ? 0 : (performance.now() - completeUntil) / 1_000;
    },
    get isInRotation() {
      return isInRotation();
    },
    look() {
      looking ??= lookOnce().finally(() => {
        looking = undefined;
      });
      return looking;
    },
    leave,
    async close() {
      await Promise.all([pool.end(), watch.end()]);
    },
  };
}

/** pg's connection, as far as its types leave it out. */
interface WithStream {
  connection: { stream: { destroy(): void } };
}

/** The open connections of a pool, so that they can be cut. */
function followConnections(pool: pg.Pool): { cut(): void } {
  const open = new Set<pg.PoolClient>();
  pool.on('connect', (client) => open.add(client));
  pool.on('remove', (client) => open.delete(client));
  return {
    cut() {
      for (const client of open) (client as unknown as WithStream).connection.stream.destroy();
    },
  };
}
