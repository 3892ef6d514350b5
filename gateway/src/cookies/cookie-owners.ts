import { StartupError } from '@tributary/platform';
import type { z } from 'zod';
import type { SupergraphSnapshot } from '../supergraph/snapshot.ts';

/** For the name of each cookie, the subgraph that it belongs to. */
export type CookieOwners = ReadonlyMap<string, string>;

/** A name of a cookie is a token (RFC 6265, section 4.1.1). */
const PAIR = /^([^=\s]+)=([\w!#$%&'*+.^`|~-]+)$/;

/** Reads pairs of subgraph and cookie: `users=__Host-session`. */
export function parseCookieOwners(items: string[], context: z.RefinementCtx): CookieOwners {
  const owners = new Map<string, string>();
  for (const item of items) {
    const [, subgraph, cookie] = PAIR.exec(item) ?? [];
    if (subgraph === undefined || cookie === undefined) {
      context.addIssue({ code: 'custom', message: `must be a list of subgraph=cookie; "${item}" is not` });
    } else if (owners.has(cookie)) {
      context.addIssue({ code: 'custom', message: `the cookie "${cookie}" belongs to one subgraph only` });
    } else {
      owners.set(cookie, subgraph);
    }
  }
  return owners;
}

/** @throws StartupError when a cookie belongs to a subgraph that is not there */
export function refuseUnknownOwners(owners: CookieOwners, { subgraphs }: SupergraphSnapshot): void {
  const unknown = [...owners.values()].filter((name) => !subgraphs.has(name));
  if (unknown.length === 0) return;
  throw new StartupError(
    `COOKIES: the supergraph has no subgraph ${[...new Set(unknown)].map((name) => `"${name}"`).join(', ')}`,
  );
}
