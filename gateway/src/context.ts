import type { Identity } from '@tributary/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from './security/authenticate.ts';

/** What is known of one GraphQL request, everywhere in the gateway. */
export interface GatewayContext {
  /** Goes to the subgraphs and into every log line. */
  requestId: string;
  /** Who is asking; null when nobody said. */
  identity: Identity | null;
  /** The client's headers that are handed on to the subgraphs, by lower-case name. */
  propagated: Readonly<Record<string, string>>;
  /** Aborted when the client goes away before it has its answer. */
  clientGone: AbortSignal;
}

/** Makes the context of a request. */
export type ContextFactory = (request: FastifyRequest, reply: FastifyReply) => Promise<GatewayContext>;

/** @param headers - lower-case names of the headers to hand on */
export function createContextFactory(
  authenticate: Authenticator,
  headers: readonly string[],
): ContextFactory {
  return async (request, reply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    return {
      requestId: request.requestId,
      identity: await authenticate(request.headers.authorization),
      propagated: pick(request.headers, headers),
      clientGone: gone.signal,
    };
  };
}

function pick(given: FastifyRequest['headers'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = given[name];
      return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]];
    }),
  );
}
