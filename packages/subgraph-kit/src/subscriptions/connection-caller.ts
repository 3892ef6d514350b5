import type { IncomingHttpHeaders } from 'node:http';
import { IDENTITY_HEADER } from '@tributary/platform';

/**
 * The headers that tell who is asking on a WebSocket: those of the upgrade, or, where a proxy dropped them, those in the
 * `connection_init` message: `{ headers: { name: value } }`.
 */
export function headersOf(
  upgrade: IncomingHttpHeaders,
  connectionParams: Readonly<Record<string, unknown>> | undefined,
): IncomingHttpHeaders {
  const sent = connectionParams?.headers;
  if (upgrade[IDENTITY_HEADER] !== undefined || typeof sent !== 'object' || sent === null) return upgrade;
  const headers: IncomingHttpHeaders = { ...upgrade };
  for (const [name, value] of Object.entries(sent)) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value;
  }
  return headers;
}
