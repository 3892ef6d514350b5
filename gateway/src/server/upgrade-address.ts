import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';
import { withoutMapping } from './client-address.ts';
import type { TrustProxy } from './trust-proxy.ts';

/** Finds the client's IP address of an upgrade request, as Fastify does of any other. */
export function createUpgradeAddress(
  trustProxy: TrustProxy | undefined,
): (request: IncomingMessage) => string {
  const isTrusted =
    typeof trustProxy === 'function' ? trustProxy : proxyAddress.compile((trustProxy ?? []) as string[]);
  return (request) => withoutMapping(proxyAddress(request, isTrusted) ?? '');
}
