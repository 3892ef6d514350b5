import type { ApolloServerPlugin } from '@apollo/server';
import { type Caller, type Logger, type Registry, StartupError } from '@tributary/platform';
import type pg from 'pg';
import { type Position, positionOfPrimary } from './position.ts';
import { readRouting } from './read-routing.ts';
import { openReadScope, type ReadScope, writersOf } from './read-scope.ts';
import { followReplica } from './replica.ts';
import { createReplicaMetrics } from './replica-metrics.ts';
import { replicaName } from './replica-urls.ts';
import { createRotation } from './rotation.ts';
import { routeStatements } from './route-statements.ts';
import { openWriteRecord } from './write-record.ts';

/** What replicas there are, and what is needed to read from them. */
export interface ReplicaOptions {
  /** `postgresql://user:password@host:port/database` of each. */
  urls: readonly string[];
  /** Name of the setting that lists them. */
  setting: string;
  /** `REDIS_URL`, by which processes know of each other's writes. */
  redisUrl: string | undefined;
  /** Oldest state that may be read, in milliseconds. */
  maxLag: number;
  logger: Logger;
}

/** What else a database does with its replicas. */
export interface ReplicaSource extends ReplicaOptions {
  /** For statements, of the primary; reads are sent on from there. */
  pool: pg.Pool;
  /** Opens a pool for statements of a replica. */
  openPool(url: string): pg.Pool;
  /** Opens one connection for looks. @param url - undefined for the primary */
  openWatch(url?: string): pg.Pool;
  metrics: Registry;
}

/** The read replicas of a service's database. */
export interface Replicas {
  /** For the subgraph's GraphQL server. */
  readonly plugin: ApolloServerPlugin;
  /** Remembers who asks, for the request that is being worked on. */
  begin(caller: Caller): void;
  /** Has everybody see what was changed until now, wherever they read. @throws when that cannot be noted now */
  noteForAll(): Promise<void>;
  /** @throws naming those that are not read at the moment */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads from replicas what may be read there. Nobody is shown what is older than `maxLag`; who has written sees their
 * writes; and what others were told of, by events and evictions, is seen by everybody.
 *
 * @throws StartupError without a Redis
 */
export function connectReplicas(source: ReplicaSource): Replicas {
  const { urls, setting, redisUrl, maxLag, logger, pool, metrics } = source;
  if (redisUrl === undefined)
    throw new StartupError(`${setting}: needs REDIS_URL, by which processes know who has just written`);
  const rotation = createRotation({
    primary: source.openWatch(),
    maxLag,
    logger,
    follow: (meter, sourceOf) =>
      urls.map((url) =>
        followReplica({
          name: replicaName(url),
          pool: source.openPool(url),
          watch: source.openWatch(url),
          meter,
          maxLag,
          source: sourceOf,
          logger,
        }),
      ),
  });
  const record = openWriteRecord(redisUrl, logger);
  // Before the statements of requests are routed: this one is for the primary, whoever asks.
  const onPrimary = pool.query.bind(pool) as (statement: string) => Promise<pg.QueryResult>;
  const positionNow = (): Promise<Position> => positionOfPrimary({ query: onPrimary });

  /** Without a record there is one from now on: what is there now, all have to see. */
  async function needOf(history: string, scope: ReadScope): Promise<number> {
    const known = await record.needOf(history, scope.who);
    if (known !== null) return known;
    const now = await positionNow();
    await record.noteForAll(now);
    // Of another log, of which nobody knows yet who has followed it.
    return now.history === history ? now.bytes : Number.POSITIVE_INFINITY;
  }
  async function choose(scope: ReadScope) {
    const { history } = rotation;
    // Nobody is asked who wrote when there is nothing to choose from.
    if (history === undefined || !rotation.replicas.some(({ isInRotation }) => isInRotation)) return null;
    try {
      return await rotation.pick(await needOf(history, scope));
    } catch (error) {
      logger.debug({ err: error }, 'who has written is not known: reading from the primary');
      return null;
    }
  }
  const noteForAll = async () => record.noteForAll(await positionNow());
  async function noteWrite(scope: ReadScope): Promise<void> {
    let position: Position | undefined;
    try {
      position = await positionNow();
      await (scope.isService ? record.noteForAll(position) : record.note(position, writersOf(scope)));
    } catch (error) {
      logger.warn({ err: error }, 'a write could not be noted; waiting until replicas have it');
      await rotation.settled(position?.bytes ?? Number.POSITIVE_INFINITY);
    }
  }

  routeStatements(
    pool,
    choose,
    createReplicaMetrics(metrics, () => rotation.replicas),
  );
  rotation.start();
  return {
    plugin: readRouting(noteWrite),
    begin: openReadScope,
    noteForAll,
    async check() {
      const out = rotation.replicas.filter(({ isInRotation }) => !isInRotation).map(({ name }) => name);
      if (out.length > 0) throw new Error(`not read at the moment: ${out.join(', ')}`);
    },
    async close() {
      record.close();
      await rotation.close();
    },
  };
}
