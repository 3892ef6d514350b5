/** How long, and for whom, an answer may be kept: the shape of Apollo's `CacheHint`. */
export interface CacheHint {
  /** Seconds. */
  maxAge: number;
  scope?: 'PUBLIC' | 'PRIVATE';
  /** Seconds after that during which it may still be given, while a new one is made (RFC 5861). @default none */
  staleWhileRevalidate?: number;
}

/**
 * Reads a subgraph's `Cache-Control` (RFC 9111, section 5.2.2); without an age an answer is not to be kept.
 */
export function cacheHintOf(cacheControl: string): CacheHint {
  const directives = cacheControl
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  const seconds = (name: string) =>
    directives
      .map((directive) => new RegExp(`^${name}="?(\\d+)"?$`).exec(directive)?.[1])
      .find((found) => found !== undefined);
  const age = seconds('max-age');
  const stale = seconds('stale-while-revalidate');
  const storable = !directives.includes('no-store') && !directives.includes('no-cache');
  const scope = directives.includes('private') ? 'PRIVATE' : directives.includes('public') ? 'PUBLIC' : null;
  return {
    maxAge: storable && age !== undefined ? Number(age) : 0,
    ...(scope && { scope }),
    ...(stale !== undefined && { staleWhileRevalidate: Number(stale) }),
  };
}
