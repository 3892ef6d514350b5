import type { IncomingHttpHeaders } from 'node:http';
import { HeaderMap } from '@apollo/server';
import {
  ANONYMOUS_CALLER,
  type Caller,
  createCallerVerifier,
  IDENTITY_HEADER,
  type Logger,
  OtherRegion,
} from '@tributary/platform';
import { GraphQLError } from 'graphql';

/**
 * Reads who is asking from the signed header; a signature that does not hold is answered with 401, one of another region's
 * gateway or service with 403.
 *
 * @param secret - `INTERNAL_SECRET`
 * @param region - `DATA_REGION`
 */
export function createIdentification(secret: string | undefined, logger: Logger, region?: string) {
  const verify = secret === undefined ? null : createCallerVerifier(secret, region);
  return async (headers: IncomingHttpHeaders): Promise<Caller> => {
    const assertion = headers[IDENTITY_HEADER];
    if (assertion === undefined) return ANONYMOUS_CALLER;
    try {
      if (verify && typeof assertion === 'string') return await verify(assertion);
    } catch (error) {
      if (error instanceof OtherRegion) {
        logger.warn({ reason: error.message }, 'a request from another region was refused');
        throw new GraphQLError('Personal data of this region is not sent to another.', {
          extensions: { code: 'OTHER_REGION', http: { status: 403, headers: new HeaderMap() } },
        });
      }
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
