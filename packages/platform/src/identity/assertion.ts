import { createSecretKey, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Identity, scopesOf } from './identity.ts';

/**
 * The header in which the gateway tells a subgraph who is asking. A JWT signed with `INTERNAL_SECRET`, so that
 * a subgraph believes only who knows the secret.
 */
export const IDENTITY_HEADER = 'x-tributary-identity';

const ALGORITHM = 'HS256';
const AUDIENCE = 'tributary:subgraph';
const LIFETIME = 60; // seconds
const REUSED_FOR = 30_000; // ms: an assertion is sent for half its lifetime, then signed anew
const MAX_REMEMBERED = 10_000; // viewers

/** Signs who is asking; `null` stands for nobody, which is also worth saying with a signature. */
export type IdentitySigner = (identity: Identity | null) => Promise<string>;

/** Signatures are remembered for a while, so that a busy viewer costs one signature, not one a request. */
export function createIdentitySigner(secret: string): IdentitySigner {
  const key = keyOf(secret);
  const signed = new LRUCache<string, Promise<string>>({ max: MAX_REMEMBERED, ttl: REUSED_FOR });
  return (identity) => {
    const memo = identity ? `${identity.subject} ${identity.scopes.join(' ')}` : '';
    let assertion = signed.get(memo);
    if (!assertion) {
      assertion = sign(identity, key);
      signed.set(memo, assertion);
    }
    return assertion;
  };
}

/**
 * Reads an assertion.
 *
 * @throws jose's `JOSEError` when it was not signed with the secret, or is too old
 */
export type IdentityVerifier = (assertion: string) => Promise<Identity | null>;

export function createIdentityVerifier(secret: string): IdentityVerifier {
  const key = keyOf(secret);
  const verified = new LRUCache<string, Promise<Identity | null>>({ max: MAX_REMEMBERED, ttl: REUSED_FOR });
  return (assertion) => {
    let identity = verified.get(assertion);
    if (!identity) {
      identity = verify(assertion, key);
      verified.set(assertion, identity);
      identity.catch(() => verified.delete(assertion));
    }
    return identity;
  };
}

async function sign(identity: Identity | null, key: KeyObject): Promise<string> {
  const token = new SignJWT(identity ? { scope: identity.scopes.join(' ') } : {})
    .setProtectedHeader({ alg: ALGORITHM })
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME}s`);
  if (identity) token.setSubject(identity.subject);
  return token.sign(key);
}

async function verify(assertion: string, key: KeyObject): Promise<Identity | null> {
  const { payload } = await jwtVerify(assertion, key, {
    algorithms: [ALGORITHM],
    audience: AUDIENCE,
    requiredClaims: ['exp'],
    clockTolerance: 5, // seconds
  });
  return payload.sub === undefined ? null : { subject: payload.sub, scopes: scopesOf(payload.scope) };
}

const keyOf = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'utf8'));
