import {
  createLocalJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';
import { type Identity, scopesOf } from './identity.ts';
import { userIdOf } from './user-id.ts';

/** The signature algorithm of the tokens that are made here. */
export const ACCESS_TOKEN_ALGORITHM = 'ES256';

/** The signature algorithms that can be accepted: asymmetric ones, so that a verifier cannot sign. */
export const ASYMMETRIC_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'] as const;

export type AsymmetricAlgorithm = (typeof ASYMMETRIC_ALGORITHMS)[number];

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
  return new SignJWT({
    scope: identity.scopes.join(' '),
    ...(identity.sessionId !== undefined && { sid: identity.sessionId }),
  })
    .setProtectedHeader({ alg: ACCESS_TOKEN_ALGORITHM, kid: key.kid, typ: 'at+jwt' })
    .setSubject(identity.subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetime)
    .sign(await importJWK(key, ACCESS_TOKEN_ALGORITHM));
}

/** Which tokens are believed, and how they are read. */
export interface TokenRules extends TokenAuthority {
  /** @default `ES256` alone */
  algorithms?: readonly AsymmetricAlgorithm[];
  /** The claim that holds the scopes: its name, or a path such as `realm_access.roles`. @default `scope` */
  scopeClaim?: string;
}

/**
 * Verifies an access token: its signature, algorithm, type, issuer, audience and time.
 *
 * @throws jose's `JOSEError` with a `code` when the token is not to be believed
 */
export type AccessTokenVerifier = (token: string) => Promise<Identity>;

const CLOCK_TOLERANCE = 5; // seconds
const MAX_TEXT = 254; // characters of an e-mail address or an id
const MAX_NAME = 200; // characters

/** @param keys - the issuer's published keys, or what finds them (`createFetchedKeySet`) */
export function createAccessTokenVerifier(
  keys: JSONWebKeySet | JWTVerifyGetKey,
  { issuer, audience, algorithms = [ACCESS_TOKEN_ALGORITHM], scopeClaim = 'scope' }: TokenRules,
): AccessTokenVerifier {
  const find = typeof keys === 'function' ? keys : createLocalJWKSet(keys);
  return async (token) => {
    const { payload, protectedHeader } = await jwtVerify(token, find, {
      algorithms: [...algorithms],
      issuer,
      audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE,
    });
    refuseOtherTypes(protectedHeader, payload);
    refuseFuture(payload);
    return {
      subject: userIdOf(issuer, subjectOf(payload)),
      scopes: scopesOf(claimAt(payload, scopeClaim)),
      ...profileOf(payload),
    };
  };
}

/** Of one issuer's tokens only access tokens open a door; some issuers call them `JWT`, or nothing at all. */
function refuseOtherTypes({ typ }: JWTHeaderParameters, payload: JWTPayload): void {
  if (typ === undefined || /^(?:application\/)?(?:at\+jwt|jwt)$/i.test(typ)) return;
  throw new errors.JWTClaimValidationFailed('it is no access token', payload, 'typ', 'check_failed');
}

/** jose leaves `iat` alone, unless a greatest age is asked for. */
function refuseFuture(payload: JWTPayload): void {
  if (payload.iat === undefined || payload.iat <= Date.now() / 1_000 + CLOCK_TOLERANCE) return;
  throw new errors.JWTClaimValidationFailed('it comes from the future', payload, 'iat', 'check_failed');
}

function subjectOf(payload: JWTPayload): string {
  if (typeof payload.sub === 'string' && payload.sub !== '') return payload.sub;
  throw new errors.JWTClaimValidationFailed('it is about nobody', payload, 'sub', 'invalid');
}

/** A claim by its name, even one with dots in it, or by its path. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  return path.split('.').reduce<unknown>((value, name) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isObject ? (value as Record<string, unknown>)[name] : undefined;
  }, payload);
}

const profileOf = ({ sid, email, email_verified, name }: JWTPayload) => ({
  ...(isText(sid, MAX_TEXT) && { sessionId: sid }),
  ...(email_verified === true && isText(email, MAX_TEXT) && { email }),
  ...(isText(name, MAX_NAME) && { name }),
});

const isText = (claim: unknown, length: number): claim is string =>
  typeof claim === 'string' && claim !== '' && claim.length <= length;
