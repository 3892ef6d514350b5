import type { IncomingHttpHeaders } from 'node:http';
import { HeaderMap } from '@apollo/server';
import {
  ANONYMOUS_CALLER,
  type Caller,
  createCallerVerifier,
  IDENTITY_HEADER,
  type Logger,
} from '@tributary/platform';
import { GraphQLError } from 'graphql';

/**
 * Reads who is asking from the signed header; a signature that does not hold is answered with 401.
 *
 * @param secret - `INTERNAL_SECRET`
 */
export function createIdentification(secret: string | undefined, logger: Logger) {
  const verify = secret === undefined ? null : createCallerVerifier(secret);
  return async (headers: IncomingHttpHeaders): Promise<Caller> => {
    const assertion = headers[IDENTITY_HEADER];
    if (assertion === undefined) return ANONYMOUS_CALLER;
    try {
      if (verify && typeof assertion === 'string') return await verify(assertion);
    } catch (error) {
      logger.warn({ err: error }, 'an identity that the gateway did not sign');
    }
    throw new GraphQLError('The identity was not signed by the gateway.', {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: new HeaderMap() } },
    });
  };
}

/** Whether the gateway or a service signed a request. @param identify - what `createIdentification` makes */
export const createIsSigned =
  (identify: (headers: IncomingHttpHeaders) => Promise<Caller>) =>
  (headers: IncomingHttpHeaders): Promise<boolean> =>
    identify(headers).then(
      (caller) => caller !== ANONYMOUS_CALLER,
      () => false,
    );
