import { timingSafeEqual } from 'node:crypto';
import { createCallerVerifier, IDENTITY_HEADER, type Logger, labelsOf } from '@tributary/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { GatewaySettings } from '../config.ts';
import { errorBody } from '../errors/gateway-error.ts';
import type { Caching } from './caching.ts';

const MAX_LABELS = 10_000;

const names = (what: string) =>
  z
    .array(z.string().min(1).max(1_000), { error: `must be a list of ${what}` })
    .max(MAX_LABELS, `must not have more than ${MAX_LABELS} items`)
    .optional();

const changed = z.strictObject(
  {
    keys: names('entities such as `Product:12`'),
    tags: names('tags'),
  },
  {
    error: ({ code }) => (code === 'invalid_type' ? 'must be an object with `keys` or `tags`' : undefined),
  },
);

/** What clears caches on request is made from. */
export interface InvalidationRouteOptions {
  caching: Caching;
  settings: Pick<GatewaySettings, 'CACHE_INVALIDATION_TOKEN' | 'INTERNAL_SECRET'>;
  logger: Logger;
}

/**
 * Adds `POST /invalidate`, for systems that change data past our services: `{ "keys": ["Product:12"], "tags": ["news"] }`
 * drops all that depends on one of them, in all gateways. It is for who has the token, and for services that sign with
 * the secret; where there is neither, there is no such route.
 */
export function registerInvalidation(
  app: FastifyInstance,
  { caching, settings, logger }: InvalidationRouteOptions,
): void {
  const { CACHE_INVALIDATION_TOKEN: token, INTERNAL_SECRET: secret } = settings;
  if (token === undefined && secret === undefined) return;
  const verify = secret === undefined ? null : createCallerVerifier(secret);

  async function callerOf({ headers }: FastifyRequest): Promise<string | null> {
    if (token !== undefined && isSame(headers.authorization, `Bearer ${token}`)) return 'token';
    const assertion = headers[IDENTITY_HEADER];
    if (!verify || typeof assertion !== 'string') return null;
    return verify(assertion).then(
      ({ service }) => service,
      () => null,
    );
  }

  app.post('/invalidate', async (request, reply) => {
    const caller = await callerOf(request);
    if (caller === null) {
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send(
          errorBody('UNAUTHENTICATED', {
            message: 'Send the token of CACHE_INVALIDATION_TOKEN as bearer token.',
          }),
        );
    }
    const { success, data, error } = changed.safeParse(request.body);
    if (!success) {
      const problems = error.issues.map(({ path, message }) => `${['body', ...path].join('.')} ${message}`);
      return reply.code(400).send(errorBody('BAD_REQUEST', { message: problems.join('; ') }));
    }
    const labels = labelsOf({
      ...(data.keys && { keys: data.keys }),
      ...(data.tags && { tags: data.tags }),
    });
    try {
      await caching.invalidate(labels);
    } catch (cause) {
      logger.warn({ err: cause, caller }, 'caches could not be cleared');
      return reply.code(503).header('retry-after', '1').send(errorBody('UNAVAILABLE'));
    }
    return reply.send({ invalidated: labels.length });
  });
}

/** Takes the same time wherever they differ. */
function isSame(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
