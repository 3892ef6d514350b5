import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Logger } from '../logger.ts';

/** The levels that a service can log at. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const wanted = z.strictObject(
  {
    level: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }),
    seconds: z.number().int().min(1).max(86_400).optional(),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be an object with `level`' : undefined) },
);

/**
 * Adds `GET` and `PUT /log-level`, for operators: `{ "level": "debug", "seconds": 60 }` logs more from now on, here for a
 * minute; without `seconds` until the next `PUT` or the end of the process. It is for who has the token; where there is none,
 * there is no such route.
 *
 * @param token - `ADMIN_TOKEN`
 */
export function registerLogLevel(app: FastifyInstance, token: string | undefined, logger: Logger): void {
  if (token === undefined) return;
  const usual = logger.level;
  let until: { at: Date; timer: NodeJS.Timeout } | null = null;
  const state = () => ({ level: logger.level, ...(until && { until: until.at }) });

  function change(level: string, seconds: number | undefined): void {
    clearTimeout(until?.timer);
    until = null;
    logger.level = level;
    if (seconds === undefined) return;
    const timer = setTimeout(() => change(usual, undefined), seconds * 1_000).unref();
    until = { at: new Date(Date.now() + seconds * 1_000), timer };
  }

  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      if (isSame(request.headers.authorization, `Bearer ${token}`)) return undefined;
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send(refused('UNAUTHENTICATED', 'Send ADMIN_TOKEN as bearer token.'));
    });
    scope.get('/log-level', async () => state());
    scope.put('/log-level', async (request, reply) => {
      const { success, data, error } = wanted.safeParse(request.body);
      if (!success) {
        const problems = error.issues.map(({ path, message }) => `${['body', ...path].join('.')} ${message}`);
        return reply.code(400).send(refused('BAD_REQUEST', problems.join('; ')));
      }
      logger.warn({ ...data, before: logger.level }, 'the log level is changed');
      change(data.level, data.seconds);
      return state();
    });
  });
}

const refused = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

/** Takes the same time wherever they differ. */
function isSame(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
