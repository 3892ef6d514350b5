import { type Sql, sqltag as sql } from '@prisma/client/runtime/client';
import type { Queryable } from '../pagination/fetch-page.ts';

/** An entry of the audit log, as far as people may be told of it. */
export interface AuditRecord {
  at: Date;
  action: string;
  /** Null when nobody was signed in, or a service acted by itself. */
  actorId: string | null;
  actorRole: string | null;
  service: string | null;
  details: unknown;
}

/**
 * Reads entries of the audit log, the archived ones too, as they were written.
 *
 * @param where - a condition on the columns
 */
export const readAudit = (db: Queryable, where: Sql): PromiseLike<AuditRecord[]> =>
  db.$queryRaw<AuditRecord[]>(sql`
    SELECT at, action, actor_id AS "actorId", actor_role AS "actorRole", service, details
    FROM (
      SELECT * FROM audit_log WHERE ${where}
      UNION ALL
      SELECT * FROM archive.audit_log WHERE ${where}
    ) AS entries
    ORDER BY at, id`);
