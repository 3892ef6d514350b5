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

/** What holds for something made of several parts: the shortest time, and for whom the most private one is. */
export function strictestOf(hints: readonly CacheHint[]): CacheHint {
  const scopes = new Set(hints.map(({ scope }) => scope));
  const scope = scopes.has('PRIVATE') ? 'PRIVATE' : scopes.has(undefined) ? undefined : 'PUBLIC';
  const stale = hints.map(({ staleWhileRevalidate = 0 }) => staleWhileRevalidate);
  return {
    maxAge: hints.length > 0 ? Math.min(...hints.map(({ maxAge }) => maxAge)) : 0,
    ...(scope && { scope }),
    ...(hints.length > 0 && { staleWhileRevalidate: Math.min(...stale) }),
  };
}

/** Writes a hint as `cacheHintOf` reads it, in whole seconds. */
export function cacheControlOf({ maxAge, scope, staleWhileRevalidate = 0 }: CacheHint): string {
  const seconds = Math.floor(maxAge);
  if (seconds === 0) return 'no-store';
  return [
    `max-age=${seconds}`,
    ...(scope ? [scope.toLowerCase()] : []),
    `stale-while-revalidate=${Math.floor(staleWhileRevalidate)}`,
  ].join(', ');
}
