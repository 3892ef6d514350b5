import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSigningKey, publicKeySet, type SigningKey, signAccessToken } from '@tributary/platform';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'https://graph.test';

export interface TestIssuer {
  /** The gateway's `AUTH_…` settings. */
  settings: { AUTH_JWKS_URL: string; AUTH_ISSUER: string; AUTH_AUDIENCE: string };
  key: SigningKey;
  /** Signs a token that is right but for what is given. */
  token(
    subject: string,
    wrong?: { key?: SigningKey; audience?: string; issuer?: string; lifetime?: number },
  ): Promise<string>;
  stop(): Promise<void>;
}

/** Publishes keys, and signs tokens with them. */
export async function startIssuer(): Promise<TestIssuer> {
  const key = await createSigningKey('key-1');
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(publicKeySet([key])));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      AUTH_JWKS_URL: `http://127.0.0.1:${port}/.well-known/jwks.json`,
      AUTH_ISSUER: ISSUER,
      AUTH_AUDIENCE: AUDIENCE,
    },
    key,
    token: (subject, wrong = {}) =>
      signAccessToken(
        { subject, scopes: ['customer'] },
        wrong.key ?? key,
        { issuer: wrong.issuer ?? ISSUER, audience: wrong.audience ?? AUDIENCE },
        wrong.lifetime ?? 60, // seconds
      ),
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
