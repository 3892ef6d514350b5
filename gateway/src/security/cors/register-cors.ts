import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { CorsPolicy } from './settings.ts';

/** Headers of answers that pages of other origins may read, beside those that they always may. */
const EXPOSED = ['age', 'x-request-id', 'x-cache', 'retry-after', 'ratelimit', 'ratelimit-policy'];

/**
 * Lets pages of other origins ask, as far as the policy says; without a policy no answer says anything about it, and
 * browsers keep all of them from pages of others.
 */
export async function registerCors(app: FastifyInstance, policy: CorsPolicy | null): Promise<void> {
  if (!policy) return;
  await app.register(cors, {
    origin: policy.anyOrigin
      ? '*'
      : (origin, decide) => decide(null, origin !== undefined && policy.allows(origin)),
    methods: ['GET', 'HEAD', 'POST'],
    credentials: policy.credentials,
    exposedHeaders: EXPOSED,
    maxAge: Math.floor(policy.maxAge / 1_000),
    // What is no preflight is a method that nothing is served for; the routes say so.
    strictPreflight: false,
  });
}
