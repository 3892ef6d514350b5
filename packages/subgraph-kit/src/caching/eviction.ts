import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import { addJobs, type Executor, jobInStatement, type NewJob } from '@tributary/jobs';

/** What kept answers may show otherwise after a change. */
export interface Eviction {
  /** Uuids by GraphQL type; null is nobody's. */
  entities?: Readonly<Record<string, Iterable<string | null>>>;
  /** As `@cacheTag` makes them. */
  tags?: Iterable<string>;
}

/**
 * Has kept answers forgotten after a change: by a job in the change's transaction, so that they go when it is committed, and
 * only then. Where nobody is to be told, no job is added.
 */
export interface Evictions {
  /** The job, for a transaction that adds others beside it; at most one. */
  jobs(eviction: Eviction): NewJob[];
  /** Adds the job. @param transaction - of the change */
  add(transaction: Executor, eviction: Eviction): Promise<void>;
  /**
   * An expression that adds the job, for a change of one statement.
   *
   * @param id - expression of the uuid of what is changed
   */
  inStatement(type: string, id: Sql): Sql;
}

/** The settings that say how gateways are told. */
export interface EvictionSettings {
  REDIS_URL?: string | undefined;
  CACHE_INVALIDATION_URL?: string | undefined;
}

/** Whether there is a way of telling gateways what has changed. */
export const evictsCaches = ({ REDIS_URL, CACHE_INVALIDATION_URL }: EvictionSettings): boolean =>
  Boolean(REDIS_URL || CACHE_INVALIDATION_URL);

/** The task that evicts. */
export const EVICT_TASK = 'cache.evict';

/** Before all other jobs: until it is done, clients may be shown what was before. */
const PRIORITY = -10;

/** @param wanted - whether anybody is to be told */
export const createEvictions = (wanted: boolean): Evictions => {
  const jobs = (eviction: Eviction): NewJob[] => {
    const payload = payloadOf(eviction);
    return wanted && payload ? [{ task: EVICT_TASK, payload, priority: PRIORITY }] : [];
  };
  return {
    jobs,
    add: (transaction, eviction) => addJobs(transaction, jobs(eviction)),
    inStatement: (type, id) =>
      wanted
        ? jobInStatement(
            { task: EVICT_TASK, priority: PRIORITY },
            sql`json_build_object('entities', json_build_object(${type}::text, json_build_array(${id})))`,
          )
        : sql`NULL::bigint`,
  };
};

/** Each of them once; null when there is nothing. */
function payloadOf({ entities = {}, tags = [] }: Eviction): object | null {
  const byType = Object.entries(entities).flatMap(([type, ids]) => {
    const known = [...new Set(ids)].filter((id) => id !== null);
    return known.length > 0 ? [[type, known]] : [];
  });
  const all = [...new Set(tags)];
  return byType.length + all.length === 0 ? null : { entities: Object.fromEntries(byType), tags: all };
}
