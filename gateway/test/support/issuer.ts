import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSigningKey, publicKeySet, type SigningKey, signAccessToken } from '@tributary/platform';

const AUDIENCE = 'https://graph.test';

export interface TestIssuer {
  /** The gateway's `AUTH_…` settings, with the address of the keys. */
  settings: { AUTH_JWKS_URL: string; AUTH_ISSUER: string; AUTH_AUDIENCE: string };
  /** The gateway's settings for an issuer that tells itself where its keys are. */
  discovered: { AUTH_ISSUER: string; AUTH_AUDIENCE: string };
  key: SigningKey;
  /** The answer to each path, as JSON; a path that is not there, and null, are answered with 503. */
  documents: Map<string, unknown>;
  /** How often each path was asked for. */
  requests: Map<string, number>;
  /** Signs a token that is right but for what is given. */
  token(
    subject: string,
    wrong?: { key?: SigningKey; audience?: string; issuer?: string; lifetime?: number },
  ): Promise<string>;
  stop(): Promise<void>;
}

/** Where the metadata of an OpenID Connect issuer are. */
export const METADATA = '/.well-known/openid-configuration';
/** Where the test's issuer publishes its keys. */
export const KEYS = '/keys';

/** An OpenID Connect issuer: tells where its keys are, publishes them, and signs tokens with them. */
export async function startIssuer(): Promise<TestIssuer> {
  const key = await createSigningKey('key-1');
  const documents = new Map<string, unknown>();
  const requests = new Map<string, number>();
  const server = createServer(({ url = '' }, response) => {
    requests.set(url, (requests.get(url) ?? 0) + 1);
    const document = documents.get(url) ?? null;
    response.writeHead(document === null ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  documents.set(METADATA, { issuer, jwks_uri: `${issuer}${KEYS}` });
  documents.set(KEYS, publicKeySet([key]));
  return {
    settings: { AUTH_JWKS_URL: `${issuer}${KEYS}`, AUTH_ISSUER: issuer, AUTH_AUDIENCE: AUDIENCE },
    discovered: { AUTH_ISSUER: issuer, AUTH_AUDIENCE: AUDIENCE },
    key,
    documents,
    requests,
    token: (subject, wrong = {}) =>
      signAccessToken(
        { subject, scopes: ['customer'] },
        wrong.key ?? key,
        { issuer: wrong.issuer ?? issuer, audience: wrong.audience ?? AUDIENCE },
        wrong.lifetime ?? 60, // seconds
      ),
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
