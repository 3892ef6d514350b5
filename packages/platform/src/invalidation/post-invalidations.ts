import { createCallerSigner, IDENTITY_HEADER } from '../identity/assertion.ts';
import type { Invalidator } from './invalidator.ts';

const TIMEOUT = 2_000; // 2 seconds

export interface PostInvalidationsOptions {
  /** Takes a `Changed` as JSON. */
  url: string;
  secret: string | undefined;
  service: string;
}

/** Tells one gateway by HTTP, as a service that calls another. */
export function postInvalidations({ url, secret, service }: PostInvalidationsOptions): Invalidator {
  const sign = secret === undefined ? null : createCallerSigner(secret);
  return {
    async invalidate({ keys = [], tags = [] }) {
      const caller = { identity: null, service, clientAddress: null };
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(sign && { [IDENTITY_HEADER]: await sign(caller) }),
        },
        body: JSON.stringify({ keys, tags }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
      // Read to its end, so that the connection can be used again.
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the gateway took no invalidation: HTTP ${response.status}`);
    },
    close: async () => undefined,
  };
}
