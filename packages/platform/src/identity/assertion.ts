import { createSecretKey, type KeyObject } from 'node:crypto';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Caller, type Identity, scopesOf } from './identity.ts';

/**
 * The header in which a subgraph is told who is asking, by the gateway or by another service. A JWT signed with
 * `INTERNAL_SECRET`, so that a subgraph believes only who knows the secret.
 */
export const IDENTITY_HEADER = 'x-tributary-identity';

const ALGORITHM = 'HS256';
const AUDIENCE = 'tributary:subgraph';
const LIFETIME = 60; // seconds
const REUSED_FOR = 30_000; // ms: an assertion is sent for half its lifetime, then signed anew
const MAX_REMEMBERED = 10_000; // callers

/** Signs who is asking; that it is nobody is also worth saying with a signature. */
export type CallerSigner = (caller: Caller) => Promise<string>;

/**
 * Signatures are remembered for a while, so that a busy caller costs one signature, not one a request.
 *
 * @param region - in which whoever signs keeps personal data, `DATA_REGION`; undefined says nothing
 */
export function createCallerSigner(secret: string, region?: string): CallerSigner {
  const key = keyOf(secret);
  const signed = new LRUCache<string, Promise<string>>({ max: MAX_REMEMBERED, ttl: REUSED_FOR });
  return (caller) => {
    const memo = JSON.stringify(claimsOf(caller));
    let assertion = signed.get(memo);
    if (!assertion) {
      assertion = sign({ ...claimsOf(caller), ...(region !== undefined && { region }) }, key);
      signed.set(memo, assertion);
    }
    return assertion;
  };
}

/**
 * Reads an assertion.
 *
 * @throws jose's `JOSEError` when it was not signed with the secret, or is too old; OtherRegion
 */
export type CallerVerifier = (assertion: string) => Promise<Caller>;

/** Whoever signed keeps personal data in another region than whoever reads it. */
export class OtherRegion extends Error {
  override name = 'OtherRegion';
}

/** @param region - in which whoever reads keeps personal data, `DATA_REGION`; undefined: any may ask */
export function createCallerVerifier(secret: string, region?: string): CallerVerifier {
  const key = keyOf(secret);
  const verified = new LRUCache<string, Promise<Caller>>({ max: MAX_REMEMBERED, ttl: REUSED_FOR });
  return (assertion) => {
    let caller = verified.get(assertion);
    if (!caller) {
      caller = verify(assertion, key, region);
      verified.set(assertion, caller);
      caller.catch(() => verified.delete(assertion));
    }
    return caller;
  };
}

const sign = (claims: JWTPayload, key: KeyObject): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM })
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME}s`)
    .sign(key);

async function verify(assertion: string, key: KeyObject, region: string | undefined): Promise<Caller> {
  const { payload } = await jwtVerify(assertion, key, {
    algorithms: [ALGORITHM],
    audience: AUDIENCE,
    requiredClaims: ['exp'],
    clockTolerance: 5, // seconds
  });
  const others = textOf(payload.region);
  // One that says none may be about to be replaced by one that does.
  if (region !== undefined && others !== undefined && others !== region)
    throw new OtherRegion(`asked from region "${others}", and this is "${region}"`);
  return {
    identity: identityOf(payload),
    service: textOf(payload.service) ?? null,
    clientAddress: textOf(payload.ip) ?? null,
  };
}

/** Empty claims are left out, to keep the header short. */
const claimsOf = ({ identity, service, clientAddress }: Caller): JWTPayload => ({
  ...(identity && { sub: identity.subject, scope: identity.scopes.join(' ') }),
  ...(identity?.sessionId && { sid: identity.sessionId }),
  ...(identity?.email && { email: identity.email }),
  ...(identity?.name && { name: identity.name }),
  ...(service && { service }),
  ...(clientAddress && { ip: clientAddress }),
});

function identityOf({ sub, scope, sid, email, name }: JWTPayload): Identity | null {
  if (sub === undefined) return null;
  return {
    subject: sub,
    scopes: scopesOf(scope),
    ...(typeof sid === 'string' && { sessionId: sid }),
    ...(typeof email === 'string' && { email }),
    ...(typeof name === 'string' && { name }),
  };
}

const textOf = (claim: unknown): string | undefined => (typeof claim === 'string' ? claim : undefined);

const keyOf = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'utf8'));
