import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';

const TIMEOUT = 2_000; // 2 seconds for one answer of the issuer

/** The part of an OpenID provider's metadata that is used here (OpenID Connect Discovery 1.0, section 3). */
const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** What is needed of `fetch` to ask for keys. */
export type Fetch = (
  url: URL,
  init: { headers: Record<string, string>; redirect: 'error'; signal: AbortSignal },
) => Promise<{ status: number; json(): Promise<unknown>; body: { cancel(): Promise<void> } | null }>;

/**
 * Fetches the keys published at an address.
 *
 * @param fetchFrom - sends the request, where it takes other connections than usual
 * @throws Error when they cannot be had
 */
export const fetchKeysAt = async (url: URL, fetchFrom?: Fetch): Promise<JSONWebKeySet> =>
  (await fetchJson(url, fetchFrom)) as JSONWebKeySet; // jose checks its shape

/**
 * Fetches the keys of an OpenID Connect issuer, whose metadata tell where they are. The place is remembered for
 * as long as keys are found there.
 *
 * @throws Error when the metadata or the keys cannot be had, or are not those of this issuer
 */
export function keysOfIssuer(issuer: string): () => Promise<JSONWebKeySet> {
  let place: URL | undefined;
  return async () => {
    const url = place ?? (await discover(issuer));
    place = undefined;
    const keys = await fetchKeysAt(url);
    place = url;
    return keys;
  };
}

/** Whether keys that come from there are the owner's: over TLS, or from this machine. */
export function isTrustworthy(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}

async function discover(issuer: string): Promise<URL> {
  const address = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { success, data } = metadata.safeParse(await fetchJson(address));
  if (!success) throw new Error(`${address.href} names no issuer and jwks_uri`);
  if (data.issuer !== issuer) throw new Error(`${address.href} is of another issuer, ${data.issuer}`);
  if (!isTrustworthy(data.jwks_uri)) throw new Error(`${address.href} has a jwks_uri that is not https`);
  return new URL(data.jwks_uri);
}

async function fetchJson(url: URL, fetchFrom: Fetch = fetch): Promise<unknown> {
  const response = await fetchFrom(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (response.status === 200) return response.json();
  await response.body?.cancel();
  throw new Error(`${url.href} answered with HTTP ${response.status}`);
}
