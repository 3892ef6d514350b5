import { isIP } from 'node:net';
import type { FastifyServerOptions } from 'fastify';
import type { z } from 'zod';

/** Which proxies are believed. */
export type TrustProxy = NonNullable<FastifyServerOptions['trustProxy']>;

/**
 * Reads how many proxies stand in front of the gateway, or their addresses and networks. That everybody is to be
 * believed cannot be said.
 */
export function parseTrustProxy(items: string[], context: z.RefinementCtx): TrustProxy {
  const [first = ''] = items;
  if (items.length === 1 && /^[1-9]\d?$/.test(first)) {
    const proxies = Number(first);
    // Fastify takes a plain number for "none".
    return (_address, hop) => hop < proxies;
  }
  for (const item of items.filter((item) => !isNetwork(item))) {
    context.addIssue({
      code: 'custom',
      message: `must be a number of proxies, or a list of addresses and networks; "${item}" is neither`,
    });
  }
  return items;
}

function isNetwork(text: string): boolean {
  const [, address = '', bits = '1'] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128);
}
