import type { ExplorerConfig } from './config.ts';

/**
 * The `Content-Security-Policy` of the explorer's page: scripts, workers, fonts and styles from the page's own
 * origin only, and requests to that origin and the two endpoints. Nothing else can be loaded or contacted.
 *
 * @param inlineStyles - whether the page may have style elements, which the editor writes while it runs
 * @see https://www.w3.org/TR/CSP3/
 */
export function explorerContentSecurityPolicy(
  config: Pick<ExplorerConfig, 'endpoint' | 'subscriptionEndpoint'>,
  inlineStyles = true,
): string {
  const origins = new Set([
    "'self'",
    ...foreignOrigins(config.endpoint),
    ...foreignOrigins(config.subscriptionEndpoint),
  ]);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src 'self'${inlineStyles ? " 'unsafe-inline'" : ''}`,
    "font-src 'self' data:",
    "img-src 'self' data:",
    `connect-src ${[...origins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The origins that an absolute endpoint is reached at; a path is on the page's own. */
function foreignOrigins(endpoint: string): string[] {
  if (!URL.canParse(endpoint)) return [];
  const { protocol, host } = new URL(endpoint);
  const secure = protocol === 'https:' || protocol === 'wss:';
  return secure ? [`https://${host}`, `wss://${host}`] : [`http://${host}`, `ws://${host}`];
}
