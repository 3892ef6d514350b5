import { createAccessTokenVerifier, type Identity } from '@tributary/platform';
import { GraphQLError } from 'graphql';
import type { Settings } from './config.ts';

/**
 * Makes what tells who sends a request, by its header `authorization`; null is somebody who is not signed in.
 *
 * @throws GraphQLError from it, when the access token is not valid
 */
export function createIdentification({
  AUTH_KEY_SET,
  AUTH_ISSUER,
  AUTH_AUDIENCE,
}: Pick<Settings, 'AUTH_KEY_SET' | 'AUTH_ISSUER' | 'AUTH_AUDIENCE'>) {
  const verify = createAccessTokenVerifier(AUTH_KEY_SET, { issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE });
  return async (authorization: string | undefined): Promise<Identity | null> => {
    if (authorization === undefined) return null;
    return verify(authorization.replace(/^Bearer +/i, '')).catch((cause: Error) => {
      throw new GraphQLError('The access token is not valid.', {
        originalError: cause,
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
    });
  };
}
