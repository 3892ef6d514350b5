import { createHash, randomBytes } from 'node:crypto';
import { type SigningKey, signAccessToken, type TokenAuthority } from '@tributary/platform';
import { decodeJwt } from 'jose';

/** What an access token says. */
export interface TokenSubject {
  userId: string;
  role: string;
  sessionId: string;
}

export interface AccessToken {
  accessToken: string;
  accessTokenExpiresAt: Date;
}

/** Makes access tokens. */
export interface TokenIssuer {
  /** @throws SignInNotConfigured */
  requireKey(): void;
  /** @throws SignInNotConfigured */
  issue(subject: TokenSubject): Promise<AccessToken>;
}

/** There is no key to sign access tokens with: nobody can be signed in here. */
export class SignInNotConfigured extends Error {
  constructor() {
    super('AUTH_SIGNING_KEYS: there is no key to sign access tokens with');
    this.name = 'SignInNotConfigured';
  }
}

/**
 * @param keys - the newest first: it signs, and the others verify until the last of their tokens is over
 * @param lifetime - seconds
 */
export function createTokenIssuer(
  keys: readonly SigningKey[],
  authority: TokenAuthority,
  lifetime: number,
): TokenIssuer {
  const signingKey = (): SigningKey => {
    const [newest] = keys;
    if (!newest) throw new SignInNotConfigured();
    return newest;
  };
  return {
    requireKey: () => void signingKey(),
    async issue({ userId, role, sessionId }) {
      const identity = { subject: userId, scopes: [role.toLowerCase()], sessionId };
      const accessToken = await signAccessToken(identity, signingKey(), authority, lifetime);
      return { accessToken, accessTokenExpiresAt: new Date((decodeJwt(accessToken).exp ?? 0) * 1_000) };
    },
  };
}

const REFRESH_TOKEN_BYTES = 32; // 256 bits: nobody guesses one, so a plain hash is enough to keep it

export const createRefreshToken = (): string => randomBytes(REFRESH_TOKEN_BYTES).toString('base64url');

/** What is kept of a refresh token. */
export const hashOfToken = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest());
