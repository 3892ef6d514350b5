import { join, type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Viewer } from '../viewer.ts';

/** A Prisma client or transaction, as far as it runs statements. */
export interface Executor {
  $executeRaw(statement: Sql): PromiseLike<number>;
}

/** What happened to whom. */
export interface AuditEvent {
  /** What was done, from large to small: `user.role.assign`. */
  action: string;
  /** GraphQL type of what it was done to. */
  subjectType: string;
  /** Its uuid. */
  subjectId: string;
  /** What else is worth knowing; never a secret, and nothing that erasure would have to find again. */
  details?: Readonly<Record<string, unknown>>;
  /** Who did it, where that is not the viewer: somebody who is signing in, for one. */
  actorId?: string;
}

/** Who did it, on whose request. */
export interface AuditSource {
  viewer: Viewer | null;
  /** The service that asked by itself, if one did. */
  service: string | null;
  requestId: string;
}

/**
 * Writes down who did what, on whom and when, in the service's table `audit_log`, which nobody can change or
 * empty: the database refuses it.
 */
export interface AuditTrail {
  /** Writes an entry in the transaction of the change that it tells of: both are there, or neither. */
  record(transaction: Executor, event: AuditEvent): Promise<void>;
  /**
   * Notes that the viewer read what belongs to somebody else, as staff may. Reading twice in a request is noted
   * once; one's own is not noted.
   *
   * @param ownerId - uuid of the user whose data it is
   * @param what - kind of data, such as `orders`
   */
  noteRead(ownerId: string, what: string): void;
  /** Writes the notes; the answer is sent after that, and not at all when it fails. */
  flush(): Promise<void>;
}

/**
 * @param executor - what reads are written with
 * @param onNote - told of each read that is noted, of which there has to be a note the next time, too
 */
export function createAuditTrail(
  executor: Executor,
  source: AuditSource,
  onNote: () => void = () => undefined,
): AuditTrail {
  const reads = new Map<string, AuditEvent>();
  return {
    async record(transaction, event) {
      await insert(transaction, source, [event]);
    },
    noteRead(ownerId, what) {
      if (source.viewer?.userId === ownerId) return;
      onNote();
      reads.set(`${ownerId} ${what}`, {
        action: `${what}.read`,
        subjectType: 'User',
        subjectId: ownerId,
      });
    },
    async flush() {
      const events = [...reads.values()];
      reads.clear();
      if (events.length > 0) await insert(executor, source, events);
    },
  };
}

const insert = (
  executor: Executor,
  source: AuditSource,
  events: readonly AuditEvent[],
): PromiseLike<number> =>
  executor.$executeRaw(sql`
    INSERT INTO audit_log (actor_id, actor_role, service, action, subject_type, subject_id, details, request_id)
    VALUES ${join(events.map((event) => row(source, event)))}`);

const row = (
  { viewer, service, requestId }: AuditSource,
  { actorId = viewer?.userId, action, subjectType, subjectId, details = {} }: AuditEvent,
): Sql => sql`(${actorId ?? null}::uuid, ${viewer?.role ?? null}, ${service}, ${action}, ${subjectType},
  ${subjectId}::uuid, ${JSON.stringify(details)}::jsonb, ${requestId})`;
