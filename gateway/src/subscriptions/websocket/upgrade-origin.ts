import type { CorsPolicy } from '../../security/cors/settings.ts';

/** What a client may do, by the page that it says it is. */
export interface OriginRights {
  mayConnect: boolean;
  /** Whether the cookies of the upgrade may be believed. */
  mayCarryCookies: boolean;
}

const ALL: OriginRights = { mayConnect: true, mayCarryCookies: true };
const NONE: OriginRights = { mayConnect: false, mayCarryCookies: false };

/**
 * What the page that opens a WebSocket may do. Any site can have a browser open one, from the network and with the cookies
 * of its visitor, and no preflight asks before; the browser says which site it was. Who says nothing is no browser.
 *
 * @param origin - the `Origin` header
 * @param host - that the client asked for
 * @param cors - what pages of other origins may do; null for nothing
 */
export function rightsOf(
  origin: string | undefined,
  host: string | undefined,
  cors: CorsPolicy | null,
): OriginRights {
  if (origin === undefined || isOf(origin, host)) return ALL;
  return cors?.allows(origin) ? { mayConnect: true, mayCarryCookies: cors.credentials } : NONE;
}

const isOf = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
