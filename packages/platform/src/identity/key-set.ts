import { performance } from 'node:perf_hooks';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The keys that a token may have been signed with cannot be had at the moment. */
export class KeysUnavailableError extends Error {
  override name = 'KeysUnavailableError';
}

/** When published keys are asked for. */
export interface KeySetOptions {
  /** Milliseconds between two requests for the keys, however many tokens name unknown ones. @default 30 seconds */
  cooldown?: number;
  /** Milliseconds after which keys are asked for again. @default 10 minutes */
  maxAge?: number;
  /** Milliseconds that keys are believed while their issuer is away. @default a day */
  keptFor?: number;
  /** Told of every failed request for the keys. */
  onFailure(error: unknown): void;
}

interface KeySet {
  find: JWTVerifyGetKey;
  fetchedAt: number;
}

const FIRST_RETRY = 1_000; // ms after a failure; each further one waits twice as long, up to the cooldown

/**
 * Keys that an issuer publishes, fetched when the first token comes. A key that is not among them has them asked
 * for again, so that the issuer can change its keys, but not more often than the cooldown allows.
 *
 * @param fetchKeys - asks the issuer
 * @returns a lookup for jose's `jwtVerify`; it throws KeysUnavailableError, or jose's errors
 */
export function createFetchedKeySet(
  fetchKeys: () => Promise<JSONWebKeySet>,
  { cooldown = 30_000, maxAge = 600_000, keptFor = 86_400_000, onFailure }: KeySetOptions,
): JWTVerifyGetKey {
  let keySet: KeySet | undefined;
  let asking: Promise<void> | undefined;
  let notBefore = Number.NEGATIVE_INFINITY;
  let failures = 0; // since the last success

  const ask = async (): Promise<void> => {
    notBefore = performance.now() + cooldown;
    try {
      keySet = { find: createLocalJWKSet(await fetchKeys()), fetchedAt: performance.now() };
      failures = 0;
    } catch (error) {
      notBefore = performance.now() + Math.min(cooldown, FIRST_RETRY * 2 ** failures);
      failures += 1;
      onFailure(error);
    } finally {
      asking = undefined;
    }
  };
  /** Waits for a request that is under way or due, and for nothing while it cools down. */
  const refresh = async (): Promise<void> => {
    if (!asking && performance.now() >= notBefore) asking = ask();
    await asking;
  };
  const olderThan = (age: number): boolean => !keySet || performance.now() - keySet.fetchedAt >= age;

  return async (header, token) => {
    if (olderThan(maxAge)) await refresh();
    const known = keySet;
    if (!known || olderThan(keptFor)) throw new KeysUnavailableError('there are no keys to verify with');
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      if (failures > 0) throw new KeysUnavailableError('the key may be a new one', { cause: error });
      if (!keySet || keySet === known) throw error;
      return keySet.find(header, token);
    }
  };
}
