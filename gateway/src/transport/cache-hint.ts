/** How long, and for whom, an answer may be kept: the shape of Apollo's `CacheHint`. */
export interface CacheHint {
  /** Seconds. */
  maxAge: number;
  scope?: 'PUBLIC' | 'PRIVATE';
}

/**
 * Reads a subgraph's `Cache-Control` (RFC 9111, section 5.2.2); without an age an answer is not to be kept.
 */
export function cacheHintOf(cacheControl: string): CacheHint {
  const directives = cacheControl
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
  const age = directives
    .map((directive) => /^max-age="?(\d+)"?$/.exec(directive)?.[1])
    .find((found) => found !== undefined);
  const storable = !directives.includes('no-store') && !directives.includes('no-cache');
  const maxAge = storable && age !== undefined ? Number(age) : 0;
  if (directives.includes('private')) return { maxAge, scope: 'PRIVATE' };
  return directives.includes('public') ? { maxAge, scope: 'PUBLIC' } : { maxAge };
}
