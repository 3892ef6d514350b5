/**
 * Who is asking: the subject of a verified access token, and what they may do.
 *
 * Scopes are plain words (`customer`, `staff`, `admin`), as in the `scope` claim of RFC 8693, section 4.2.
 */
export interface Identity {
  /** The user's id, as the token's `sub` has it. */
  subject: string;
  scopes: readonly string[];
}

/** The `scope` claim as a list. */
export const scopesOf = (claim: unknown): string[] =>
  typeof claim === 'string' ? claim.split(' ').filter(Boolean) : [];
