import { HeaderMap } from '@apollo/server';
import { ANONYMOUS_CALLER, type Caller, createCallerVerifier, IDENTITY_HEADER } from '@tributary/platform';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';

/**
 * Reads who is asking from the signed header; a signature that does not hold is answered with 401.
 *
 * @param secret - `INTERNAL_SECRET`
 */
export function createIdentification(secret: string | undefined) {
  const verify = secret === undefined ? null : createCallerVerifier(secret);
  return async (request: FastifyRequest): Promise<Caller> => {
    const assertion = request.headers[IDENTITY_HEADER];
    if (assertion === undefined) return ANONYMOUS_CALLER;
    try {
      if (verify && typeof assertion === 'string') return await verify(assertion);
    } catch (error) {
      request.log.warn({ err: error }, 'an identity that the gateway did not sign');
    }
    throw new GraphQLError('The identity was not signed by the gateway.', {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: new HeaderMap() } },
    });
  };
}
