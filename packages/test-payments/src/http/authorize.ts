import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../payments/api-error.ts';

/** Refuses requests to this scope without `Authorization: Bearer <secret>`. */
export function requireSecret(scope: FastifyInstance, secret: string): void {
  const expected = digestOf(`Bearer ${secret}`);
  scope.addHook('onRequest', async ({ headers }) => {
    if (!timingSafeEqual(digestOf(headers.authorization ?? ''), expected))
      throw new ApiError(401, 'unauthorized', 'Send the secret key as Authorization: Bearer <key>.');
  });
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
