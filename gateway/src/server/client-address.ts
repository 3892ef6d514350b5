import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** The client's IP address: by `X-Forwarded-For` where `TRUST_PROXY` says so, otherwise that of the connection. */
export function clientAddressOf({ ip, socket }: FastifyRequest): string {
  return withoutMapping(isIP(ip) ? ip : (socket.remoteAddress ?? ''));
}

/** A listener for IPv6 shows IPv4 clients as `::ffff:192.0.2.1`; one client is to have one address. */
export const withoutMapping = (address: string): string =>
  /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1] ?? address;
