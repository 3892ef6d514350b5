import type { FastifyInstance } from 'fastify';

/** What decides about the headers for browsers. */
export interface SecurityHeaderOptions {
  /** Seconds for which browsers are to use https only; undefined to say nothing about it. */
  hstsMaxAge: number | undefined;
}

/**
 * Tells browsers what not to do with an answer: guess another type for it, show it inside of another site's page, or,
 * where that is set, come back without TLS. A page that needs a policy of its own overrides it.
 *
 * The same few headers for every answer, put there before anything else, so that streams and what is sent again from
 * memory have them too, and that it costs almost nothing.
 */
export function registerSecurityHeaders(app: FastifyInstance, { hstsMaxAge }: SecurityHeaderOptions): void {
  const hsts = hstsMaxAge === undefined ? null : `max-age=${hstsMaxAge}`;
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff').header('content-security-policy', NOT_FRAMED);
    if (hsts) reply.header('strict-transport-security', hsts);
    done();
  });
}

const NOT_FRAMED = "frame-ancestors 'none'";
