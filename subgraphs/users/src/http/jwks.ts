import { publicKeySet, type SigningKey } from '@tributary/platform';
import type { FastifyInstance } from 'fastify';

const MAX_AGE = 300; // seconds: how late a verifier may learn of a new key

/** Publishes the keys that access tokens are verified with (RFC 7517), at `/.well-known/jwks.json`. */
export function publishKeys(app: FastifyInstance, keys: readonly SigningKey[]): void {
  const keySet = publicKeySet(keys);
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', `public, max-age=${MAX_AGE}`).type('application/jwk-set+json').send(keySet),
  );
}
