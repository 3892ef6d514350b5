import { randomBytes } from 'node:crypto';
import { createSigningKey, type SigningKey, signAccessToken, type TokenAuthority } from '@tributary/platform';

/** What the servers of a run verify each other and their clients with. */
export interface Keys {
  /** Shared by gateway and subgraphs. */
  internalSecret: string;
  /** Signs access tokens. */
  signingKey: SigningKey;
  authority: TokenAuthority;
}

const LIFETIME = 24 * 60 * 60; // 24 hours: longer than any run

/** Makes the keys of a run. */
export const issueKeys = async (): Promise<Keys> => ({
  internalSecret: randomBytes(32).toString('base64url'),
  signingKey: await createSigningKey('bench'),
  authority: { issuer: 'http://localhost/tributary-bench', audience: 'tributary-bench' },
});

/** An access token of a customer. */
export const customerToken = (userId: string, { signingKey, authority }: Keys): Promise<string> =>
  signAccessToken({ subject: userId, scopes: ['customer'] }, signingKey, authority, LIFETIME);
