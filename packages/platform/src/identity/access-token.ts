import {
  createLocalJWKSet,
  createRemoteJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';
import { type Identity, scopesOf } from './identity.ts';

/** The only signature algorithm that is accepted: an asymmetric one, so that a verifier cannot sign. */
export const ACCESS_TOKEN_ALGORITHM = 'ES256';

/** Who issues the access tokens and for whom; both are pinned at verification. */
export interface TokenAuthority {
  /** The `iss` claim. */
  issuer: string;
  /** The `aud` claim. */
  audience: string;
}

/** A private key of the issuer, as a JSON Web Key with a `kid` (RFC 7517). */
export type SigningKey = JWK & { kid: string };

/** Makes a new signing key, extractable, with an id of its own. */
export async function createSigningKey(kid: string): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(ACCESS_TOKEN_ALGORITHM, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: ACCESS_TOKEN_ALGORITHM, use: 'sig' };
}

/** The public half of the issuer's keys, to be served at `/.well-known/jwks.json`. */
export function publicKeySet(keys: readonly SigningKey[]): JSONWebKeySet {
  return {
    keys: keys.map(({ kty, crv, x, y, kid, alg, use }) => ({ kty, crv, x, y, kid, alg, use }) as JWK),
  };
}

/**
 * Signs an access token.
 *
 * @param lifetime - seconds
 */
export async function signAccessToken(
  identity: Identity,
  key: SigningKey,
  { issuer, audience }: TokenAuthority,
  lifetime: number,
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ scope: identity.scopes.join(' ') })
    .setProtectedHeader({ alg: ACCESS_TOKEN_ALGORITHM, kid: key.kid, typ: 'at+jwt' })
    .setSubject(identity.subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetime)
    .sign(await importJWK(key, ACCESS_TOKEN_ALGORITHM));
}

/**
 * Verifies an access token: its signature, algorithm, issuer, audience and time.
 *
 * @throws jose's `JOSEError` with a `code` when the token is not to be believed
 */
export type AccessTokenVerifier = (token: string) => Promise<Identity>;

/**
 * @param keys - the issuer's published keys, or the address they are fetched from; fetched keys are kept, and
 *   an unknown `kid` asks for them again at most every 30 seconds
 */
export function createAccessTokenVerifier(
  keys: JSONWebKeySet | URL,
  authority: TokenAuthority,
): AccessTokenVerifier {
  const keySet: JWTVerifyGetKey =
    keys instanceof URL ? createRemoteJWKSet(keys, { timeoutDuration: 2_000 }) : createLocalJWKSet(keys);
  return async (token) => {
    const { payload } = await jwtVerify(token, keySet, {
      algorithms: [ACCESS_TOKEN_ALGORITHM],
      issuer: authority.issuer,
      audience: authority.audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: 5, // seconds
    });
    return { subject: payload.sub as string, scopes: scopesOf(payload.scope) };
  };
}
