import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';
import { withoutMapping } from './client-address.ts';
import type { TrustProxy } from './trust-proxy.ts';

const trustOf = (trustProxy: TrustProxy | undefined): ((address: string, hop: number) => boolean) =>
  typeof trustProxy === 'function' ? trustProxy : proxyAddress.compile((trustProxy ?? []) as string[]);

/** Finds the client's IP address of an upgrade request, as Fastify does of any other. */
export function createUpgradeAddress(
  trustProxy: TrustProxy | undefined,
): (request: IncomingMessage) => string {
  const isTrusted = trustOf(trustProxy);
  return (request) => withoutMapping(proxyAddress(request, isTrusted) ?? '');
}

/** Finds the host that the client asked for of an upgrade request: a proxy that is believed may say it. */
export function createUpgradeHost(
  trustProxy: TrustProxy | undefined,
): (request: IncomingMessage) => string | undefined {
  const isTrusted = trustOf(trustProxy);
  return ({ headers, socket }) => {
    const forwarded = headers['x-forwarded-host'];
    return typeof forwarded === 'string' && isTrusted(socket.remoteAddress ?? '', 0)
      ? forwarded.split(',').at(-1)?.trim()
      : headers.host;
  };
}
