import type { FastifyError, FastifyInstance } from 'fastify';
import { ApiError } from '../payments/api-error.ts';

/** What is said about a request that Fastify refuses, by HTTP status. */
const REFUSALS: Readonly<Record<number, { code: string; message: string }>> = {
  400: { code: 'bad_request', message: 'The request cannot be read; its body must be JSON.' },
  413: { code: 'too_large', message: 'The body of the request is too large.' },
  415: { code: 'unsupported_media_type', message: 'Send the body as application/json.' },
};

/** Answers every error as `{ error: { code, message, field? } }`, and no fault's detail. */
export function registerErrorHandler(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 'not_found', message: 'There is nothing at this address.' } }),
  );
  app.setErrorHandler((error: FastifyError | ApiError, request, reply) => {
    if (error instanceof ApiError) {
      const { status, code, message, field } = error;
      return reply.code(status).send({ error: { code, message, ...(field !== undefined && { field }) } });
    }
    const status = error.statusCode ?? 500;
    const refusal = REFUSALS[status];
    if (refusal) return reply.code(status).send({ error: refusal });
    request.log.error({ err: error }, 'a request failed');
    return reply.code(500).send({ error: { code: 'internal', message: 'Something is broken here.' } });
  });
}
