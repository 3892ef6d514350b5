import { createHash } from 'node:crypto';
import type { GatewayContext } from '../context.ts';

/** Who may be given the same. */
export interface Partitions {
  /** Shared by all who may do the same. */
  public: string;
  /** The viewer's own; null where nothing tells viewers apart, and nothing private is kept. */
  private: string | null;
  /**
   * What is remembered of a viewer who changed something: it is the same for all requests of theirs, also those
   * that come without cookies, as a GET does.
   */
  mark: string;
  /** Whether an answer that does not say for whom it is may not be shared (RFC 9111, section 3.5). */
  isOpaque: boolean;
}

const AUTHORIZATION = 'authorization';

/**
 * What a request's part of the caches is called.
 *
 * A subgraph may answer by what a viewer may do, though the answer is for all of the kind: so even what is public is
 * shared by viewers with equal scopes, and those headers that subgraphs see as well.
 */
export function partitionsOf(context: GatewayContext): Partitions {
  const { identity, propagated, cookies } = context;
  const headers = Object.entries(propagated)
    .filter(([name]) => name !== AUTHORIZATION)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const audience = identity ? [...identity.scopes].sort() : null;
  const isKnown = identity !== null || Object.keys(propagated).length > 0 || cookies.given.size > 0;
  const own = isKnown
    ? `v${digest([identity, Object.entries(propagated).sort(), [...cookies.given].sort()])}`
    : null;
  return {
    public: audience === null && headers.length === 0 ? 'p' : `p${digest([audience, headers])}`,
    private: own,
    mark: markOf(context),
    isOpaque: identity === null && propagated[AUTHORIZATION] !== undefined,
  };
}

function markOf({ identity, propagated, clientAddress }: GatewayContext): string {
  if (identity) return `u${digest(identity.subject)}`;
  return Object.keys(propagated).length > 0 ? `h${digest(propagated)}` : namelessMark(clientAddress);
}

/** What is remembered of who changed something, where only the address tells viewers apart. */
export const namelessMark = (clientAddress: string): string => `a${clientAddress}`;

/** Keys are in Redis, where nobody is to read tokens. */
const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');
