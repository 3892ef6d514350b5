import { Redis } from 'ioredis';
import type { Logger } from './logger.ts';

export type { Redis } from 'ioredis';

/**
 * Connects to Redis so that an outage costs an error at once and never a wait: commands are refused while the
 * connection is down, and given up after 100 ms when the server hangs. The connection comes back by itself.
 *
 * @param url - `redis://[:password@]host:port[/database]`
 * @returns the client at once; the first connection is made in the background
 */
export function connectRedis(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 100, // ms
    connectTimeout: 2_000, // 2 seconds
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000), // ms
  });
  let reachable = true;
  redis.on('error', (error: NodeJS.ErrnoException) => {
    // Not the error itself: it has the refused command with it, and that of a sign-in is the password.
    const { message: reason, code } = error;
    if (reachable) logger.warn({ reason, code }, 'Redis cannot be reached; going on without it');
    reachable = false;
  });
  redis.on('ready', () => {
    if (!reachable) logger.info('Redis is back');
    reachable = true;
  });
  return redis;
}
