import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether the cookies of an upgrade request may be believed. Any site can have a browser open a WebSocket to this one,
 * with the cookies of this one; the browser says which site it was. Who says nothing is no browser.
 */
export function mayCarryCookies({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
