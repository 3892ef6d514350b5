import { performance } from 'node:perf_hooks';
import type { Logger } from '@tributary/platform';
import type { Pool } from 'pg';

/** How soon a dead worker's jobs are taken up by others. */
export interface HeartbeatOptions {
  /** Milliseconds between two signs of life. @default 10000 */
  interval?: number;
  /** Milliseconds without a sign after which a worker is dead. @default 30000 */
  deadAfter?: number;
}

const INTERVAL = 10_000; // 10 seconds
const DEAD_AFTER = 30_000; // 30 seconds

/** Says that this process's worker lives, and takes the jobs of those away that do not. */
export interface Heartbeat {
  /**
   * Says so at once, and takes dead workers' jobs away, if this one has had its say for as long as makes others dead:
   * while the database was away, nobody had.
   */
  beat(): Promise<void>;
  /** Ends, and leaves no sign of them behind; where the database is away, others find that they are dead. */
  stop(): Promise<void>;
}

/**
 * A job is locked in the name of a pool of workers, not by a connection, and Graphile Worker gives a lock up after four
 * hours only. So each pool writes down that it lives, by the database's clock.
 *
 * @param poolIds - of this process, as they are at each beat
 */
export function startHeartbeat(
  pool: Pool,
  poolIds: ReadonlySet<string>,
  logger: Logger,
  { interval = INTERVAL, deadAfter = DEAD_AFTER }: HeartbeatOptions = {},
): Heartbeat {
  const signed = new Set<string>();
  let [since, last] = [0, Number.NEGATIVE_INFINITY]; // milliseconds: signs without a gap, and the last of them
  const sign = async () => {
    for (const id of poolIds) signed.add(id);
    await pool.query(SIGN_OF_LIFE, [[...poolIds]]);
    const now = performance.now();
    if (now - last > deadAfter) since = now;
    last = now;
  };
  const beat = async () => {
    await sign().catch((error: unknown) => {
      last = Number.NEGATIVE_INFINITY;
      throw error;
    });
    if (last - since < deadAfter) return;
    const { rows } = await pool.query<{ unlocked: string[] }>(UNLOCK_DEAD, [deadAfter]);
    if (rows[0]) logger.warn({ pools: rows[0].unlocked }, 'took up the jobs of dead workers');
  };
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beating = beating.then(beat).catch((error: unknown) => {
      logger.warn({ err: error }, 'could not say that the workers live; trying again');
    });
  }, interval);
  return {
    beat,
    async stop() {
      clearInterval(timer);
      await beating;
      await pool
        .query('DELETE FROM job_workers.heartbeats WHERE pool_id = ANY ($1)', [[...signed]])
        .catch((error: unknown) => logger.warn({ err: error }, 'could not say that the workers have ended'));
    },
  };
}

const SIGN_OF_LIFE = `
  INSERT INTO job_workers.heartbeats (pool_id, seen_at) SELECT unnest($1::text[]), now()
  ON CONFLICT (pool_id) DO UPDATE SET seen_at = now()`;

/** A lock that is younger than the deadline may be of a worker that has not said anything yet. */
const UNLOCK_DEAD = `
  WITH deadline AS (
    SELECT now() - $1 * interval '1 millisecond' AS at
  ), forgotten AS (
    DELETE FROM job_workers.heartbeats USING deadline WHERE seen_at < deadline.at
  ), dead AS (
    SELECT array_agg(DISTINCT locked_by) AS ids FROM graphile_worker.jobs, deadline
    WHERE locked_at < deadline.at AND NOT EXISTS (
      SELECT FROM job_workers.heartbeats WHERE pool_id = locked_by AND seen_at >= deadline.at
    )
  )
  SELECT ids AS unlocked, graphile_worker.force_unlock_workers(ids) FROM dead WHERE ids IS NOT NULL`;
