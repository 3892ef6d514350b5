import type { Identity } from '@tributary/platform';
import type { AuditTrail } from './audit/audit-trail.ts';

/** What a viewer may do, weakest first; each includes those before it. */
export const ROLES = ['CUSTOMER', 'STAFF', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking. */
export interface Viewer {
  /** The user's uuid. */
  userId: string;
  role: Role;
}

/** A viewer from a verified identity: the strongest role among its scopes, `customer` when there is none. */
export function viewerOf(identity: Identity | null): Viewer | null {
  if (!identity) return null;
  const role = ROLES.findLast((candidate) => identity.scopes.includes(candidate.toLowerCase()));
  return { userId: identity.subject, role: role ?? 'CUSTOMER' };
}

/** Whether the viewer has a role, or a stronger one. */
export const hasRole = (viewer: Viewer | null, role: Role): boolean =>
  viewer !== null && ROLES.indexOf(viewer.role) >= ROLES.indexOf(role);

/** Whether the viewer may see what belongs to a user: it is their own, or they are staff. */
export const maySee = (viewer: Viewer | null, ownerId: string): boolean =>
  viewer !== null && (viewer.userId === ownerId || hasRole(viewer, 'STAFF'));

/**
 * Whether the viewer may read what belongs to a user, as `maySee`; that staff does is noted in the audit log.
 *
 * @param what - kind of data, such as `orders`
 */
export function mayRead(
  { viewer, audit }: { viewer: Viewer | null; audit: AuditTrail },
  ownerId: string,
  what: string,
): boolean {
  if (!maySee(viewer, ownerId)) return false;
  audit.noteRead(ownerId, what);
  return true;
}
