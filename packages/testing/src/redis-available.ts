import { spawnSync } from 'node:child_process';

const serverOnPath = () => spawnSync('redis-server', ['--version']).status === 0;

/** Whether there is a Redis to test with: `REDIS_URL`, or a `redis-server` on the PATH. */
export const redisAvailable = (): boolean => Boolean(process.env.REDIS_URL) || serverOnPath();
