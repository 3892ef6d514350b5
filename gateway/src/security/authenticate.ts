import {
  type Credentials,
  createAccessTokenVerifier,
  createFetchedKeySet,
  fetchKeysAt,
  type Identity,
  KeysUnavailableError,
  keysOfIssuer,
  type Logger,
} from '@tributary/platform';
import type { GatewaySettings } from '../config.ts';
import { refusal } from '../errors/gateway-error.ts';
import { keysFetch } from './keys-fetch.ts';

/**
 * Finds out who is asking.
 *
 * @param authorization - the request's `Authorization` header
 * @returns null when there is none
 * @throws GraphQLError `UNAUTHENTICATED` (HTTP 401) for a token that is not to be believed, and
 *   `AUTHENTICATION_UNAVAILABLE` (HTTP 503) when the issuer's keys cannot be had
 */
export type Authenticator = (authorization: string | undefined) => Promise<Identity | null>;

/** What jose reports when the token is to blame; everything else is the issuer's or the network's fault. */
const TOKEN_FAULTS =
  /^ERR_(JWT_|JWS_|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS)/;

/**
 * Verifies bearer tokens (RFC 6750); without `AUTH_…` settings everybody is anonymous to the gateway.
 *
 * @param credentials - what subgraphs are asked with over TLS; null for what everybody trusts
 */
export function createAuthenticator(
  settings: GatewaySettings,
  credentials: Credentials | null,
  logger: Logger,
): Authenticator {
  const { AUTH_JWKS_URL, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = settings;
  if (!issuer || !audience) return async () => null;
  const keysUrl = AUTH_JWKS_URL === undefined ? undefined : new URL(AUTH_JWKS_URL);
  const setting = keysUrl ? 'AUTH_JWKS_URL' : 'AUTH_ISSUER';
  const fetchFrom = keysUrl && keysFetch(keysUrl, settings.SUBGRAPH_URLS, credentials);
  const keys = createFetchedKeySet(keysUrl ? () => fetchKeysAt(keysUrl, fetchFrom) : keysOfIssuer(issuer), {
    onFailure: (err) => logger.error({ err }, `${setting}: the keys of the token issuer cannot be had`),
  });
  const verify = createAccessTokenVerifier(keys, {
    issuer,
    audience,
    algorithms: settings.AUTH_ALGORITHMS,
    scopeClaim: settings.AUTH_SCOPE_CLAIM,
  });

  return async (authorization) => {
    if (authorization === undefined) return null;
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (!token) throw unauthenticated();
    try {
      return await verify(token);
    } catch (error) {
      if (TOKEN_FAULTS.test(String((error as { code?: unknown }).code))) throw unauthenticated();
      // The failed request for the keys is in the log already; not every token that waits for them has to be.
      if (!(error instanceof KeysUnavailableError)) {
        logger.error({ err: error }, 'an access token could not be verified');
      }
      throw unavailable();
    }
  };
}

const unauthenticated = () =>
  refusal('UNAUTHENTICATED', { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });

const unavailable = () => refusal('AUTHENTICATION_UNAVAILABLE', { headers: { 'retry-after': '5' } });
