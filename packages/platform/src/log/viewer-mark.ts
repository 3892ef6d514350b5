import { createHmac, randomBytes } from 'node:crypto';

/** Makes the mark of a viewer; undefined for who is not signed in. */
export type ViewerMark = (identity: { subject: string } | null) => string | undefined;

/**
 * Prepares the marks that stand for viewers in logs: the same for the same viewer, in all services that know the secret. Who
 * has the logs cannot find out whose it is by trying ids.
 *
 * @param secret - `INTERNAL_SECRET`; without one, the marks are of this process alone
 */
export function createViewerMark(secret: string | undefined): ViewerMark {
  // Another key than what identities are signed with.
  const key =
    secret === undefined ? randomBytes(32) : createHmac('sha256', secret).update('viewers in logs').digest();
  return (identity) =>
    identity
      ? createHmac('sha256', key).update(identity.subject).digest('base64url').slice(0, LENGTH)
      : undefined;
}

const LENGTH = 16; // characters of 6 bits: none of a million viewers is taken for another
