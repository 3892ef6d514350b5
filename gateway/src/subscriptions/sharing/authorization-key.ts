import type { GatewayContext } from '../../context.ts';

/**
 * Tells who may share a subscription: those of whom every subgraph is told the same. The client's address is not
 * among it, and so is not told in a subscription.
 */
export function authorizationKey({ identity, propagated, cookies }: GatewayContext): string {
  const known = identity && {
    subject: identity.subject,
    scopes: [...identity.scopes].sort(),
    sessionId: identity.sessionId,
    email: identity.email,
    name: identity.name,
  };
  return JSON.stringify([known, sorted(Object.entries(propagated)), sorted([...cookies.given])]);
}

const sorted = (entries: [string, unknown][]): [string, unknown][] =>
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
