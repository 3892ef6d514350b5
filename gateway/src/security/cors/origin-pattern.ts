/** Stands for every origin. */
export const ANY_ORIGIN = '*';

/** An origin, or one with `*.` for any subdomains: scheme, subdomains, the rest of the host, port. */
const PATTERN = /^(https?:\/\/)(\*\.)?([^*/:\s]+)((?::\d+)?)$/;

/**
 * Whether a text is an origin as browsers send it, with or without `*.` before its host. All subdomains of a top-level
 * domain are anybody's, and are no pattern; those of `localhost` are the developer's own.
 */
export function isOriginPattern(text: string): boolean {
  const [, scheme, wildcard, host = '', port] = PATTERN.exec(text) ?? [];
  if (wildcard && !host.includes('.') && host !== 'localhost') return false;
  const origin = `${scheme}${host}${port}`;
  return URL.canParse(origin) && new URL(origin).origin === origin;
}

/** Tells the origins of some patterns from others. */
export function matcherOf(patterns: readonly string[]): (origin: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const wild = patterns.filter((pattern) => pattern.includes('*')).map(expressionOf);
  return (origin) => exact.has(origin) || wild.some((expression) => expression.test(origin));
}

function expressionOf(pattern: string): RegExp {
  const [before = '', after = ''] = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${before}[a-z0-9-]+(?:\\.[a-z0-9-]+)*${after}$`);
}
