import { randomUUID } from 'node:crypto';
import { describe, it } from '@jest/globals';
import { startOwnRedis } from './own-redis.ts';
import { redisAvailable } from './redis-available.ts';

/** A Redis of one test file. */
export interface TestRedis {
  url: string;
  /** Starts every key of this test, since the server may be shared. */
  prefix: string;
  /** Ends the server, where the test started it. */
  stop(): Promise<void>;
}

/**
 * `describe` for tests that need Redis. Without one they are left out with a warning; under `CI=true` that is a
 * failure.
 */
export function describeWithRedis(name: string, tests: () => void): void {
  if (redisAvailable()) return void describe(name, tests);
  const reason = `"${name}" was left out: no Redis (set REDIS_URL, or put redis-server on the PATH)`;
  if (process.env.CI === 'true') {
    return void it(name, () => {
      throw new Error(reason);
    });
  }
  console.warn(reason);
  describe.skip(name, tests);
}

/** The Redis of `REDIS_URL`, or one started for this test on a free port. */
export async function startTestRedis(): Promise<TestRedis> {
  const prefix = `test:${randomUUID()}:`;
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, prefix, stop: async () => undefined };
  return { ...(await startOwnRedis()), prefix };
}
