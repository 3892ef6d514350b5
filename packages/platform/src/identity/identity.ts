/**
 * Who is asking: the subject of a verified access token, and what they may do.
 *
 * Scopes are plain words (`customer`, `staff`, `admin`), as in the `scope` claim of RFC 8693, section 4.2.
 */
export interface Identity {
  /** The user's id. */
  subject: string;
  scopes: readonly string[];
  /** The token's `sid`: the session that it was issued in. */
  sessionId?: string;
  /** The token's `email`, where the issuer says that it was verified. */
  email?: string;
  /** The token's `name`. */
  name?: string;
}

/** What a signed request says of itself to a subgraph. */
export interface Caller {
  /** On whose behalf; null when nobody is signed in, or when a service asks on its own. */
  identity: Identity | null;
  /** Name of the service that asks by itself; null when the gateway hands on what a client asked. */
  service: string | null;
  /** The client's IP address as the gateway saw it; null when there is no client. */
  clientAddress: string | null;
}

/** A request of which nothing is known. */
export const ANONYMOUS_CALLER: Caller = { identity: null, service: null, clientAddress: null };

/**
 * The `scope` claim as a list; some issuers write a list in the first place. A name with a blank in it is no scope:
 * written out it would read as two, and "shop admin" is not "admin".
 */
export const scopesOf = (claim: unknown): string[] => {
  if (Array.isArray(claim)) {
    return claim.filter((scope): scope is string => typeof scope === 'string' && /^\S+$/.test(scope));
  }
  return typeof claim === 'string' ? claim.split(' ').filter(Boolean) : [];
};
