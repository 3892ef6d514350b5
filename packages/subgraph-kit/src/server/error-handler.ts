import type { FastifyError, FastifyInstance } from 'fastify';

/** What is said of a request that never became a GraphQL operation, by HTTP status. */
const REFUSALS: Readonly<Record<number, { code: string; message: string }>> = {
  400: { code: 'BAD_REQUEST', message: 'The body of the request is not valid JSON.' },
  413: {
    code: 'PAYLOAD_TOO_LARGE',
    message: 'The body of the request is too large (SUBGRAPH_MAX_BODY_BYTES).',
  },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send the request as application/json.' },
};

/** Answers what Fastify refuses in the shape of a GraphQL response; never with a stack. */
export function registerErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    const refusal = REFUSALS[status];
    if (!refusal) request.log.error({ err: error }, 'a request failed');
    const { code, message } = refusal ?? { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' };
    return reply.code(refusal ? status : 500).send({ errors: [{ message, extensions: { code } }] });
  });
}
