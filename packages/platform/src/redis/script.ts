import type { Redis } from './redis.ts';

/**
 * Runs a script in Redis.
 *
 * @param key - the key that decides which node runs it; all that the script uses is there as well
 * @returns texts in the answer as buffers
 */
export type RedisScript = (key: string, ...args: readonly (string | Buffer)[]) => Promise<unknown>;

/** Makes a script a command of a connection; the server is sent its text only when it does not know it. */
export function defineScript(redis: Redis, name: string, lua: string): RedisScript {
  redis.defineCommand(name, { lua, numberOfKeys: 1 });
  const commands = redis as unknown as Record<string, RedisScript>;
  return (key, ...args) => (commands[`${name}Buffer`] as RedisScript).call(redis, key, ...args);
}
