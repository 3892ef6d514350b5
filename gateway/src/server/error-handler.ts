import type { FastifyError, FastifyInstance } from 'fastify';

/** What is said about a request that never became a GraphQL operation, by HTTP status. */
const REFUSALS: Readonly<Record<number, { code: string; message: string }>> = {
  400: { code: 'BAD_REQUEST', message: 'The body of the request is not valid JSON.' },
  413: { code: 'PAYLOAD_TOO_LARGE', message: 'The body of the request is too large.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send the request as application/json.' },
};

/** Answers what Fastify refuses in the shape of a GraphQL response, never with HTML, a stack or a detail. */
export function registerErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = REFUSALS[error.statusCode ?? 500];
    if (refusal) {
      const { message, code } = refusal;
      return reply.code(error.statusCode ?? 400).send({ errors: [{ message, extensions: { code } }] });
    }
    const { requestId } = request;
    request.log.error({ err: error, requestId }, 'a request failed');
    return reply.code(500).send({
      errors: [
        { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
      ],
    });
  });
}
