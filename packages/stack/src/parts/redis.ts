import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectRedis, createLogger, freePort, StartupError, whenReady } from '@tributary/platform';
import { Redis } from 'ioredis';

/** The Redis that a stack uses. */
export interface LocalRedis {
  /** Null without a Redis: each service then keeps what it caches to itself. */
  url: string | null;
  /** Which Redis it is, for people. */
  description: string;
  /** Ends Redis, where it was started here. */
  stop(): Promise<void>;
}

/** Where our own Redis was started last: a killed stack leaves it running, and the next one finds it again. */
interface Remembered {
  port: number;
  password: string;
}

/**
 * Uses the Redis of `REDIS_URL`, or starts a `redis-server` of the PATH, or does without.
 *
 * @param dataDir - the setting `DATA_DIR`
 * @throws StartupError when `REDIS_URL` is set and nothing answers there
 */
export async function openRedis(redisUrl: string | undefined, dataDir: string): Promise<LocalRedis> {
  if (redisUrl) {
    const version = await versionOf(redisUrl);
    if (!version) throw new StartupError('REDIS_URL: no Redis answers there; correct it, or unset it');
    return { url: redisUrl, description: `${version} by REDIS_URL`, stop: async () => undefined };
  }
  const file = join(dataDir, 'redis.json');
  const remembered = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Remembered,
    () => null,
  );
  if (remembered && (await versionAt(urlOf(remembered)))) return ownRedis(remembered);
  const chosen = { port: await freePort(), password: randomBytes(24).toString('base64url') };
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, JSON.stringify(chosen), { mode: 0o600 });
  const started = await startServer(chosen, dataDir);
  return started
    ? ownRedis(chosen)
    : { url: null, description: 'none: caches are in process', stop: async () => undefined };
}

async function ownRedis(server: Remembered): Promise<LocalRedis> {
  return {
    url: urlOf(server),
    description: `${await versionAt(urlOf(server))} on port ${server.port}, started by this command`,
    stop: () =>
      withRedis(
        urlOf(server),
        async (redis) => void (await redis.shutdown('NOSAVE').catch(connectionClosed)),
      ),
  };
}

/** A server that shuts down answers by closing the connection. */
function connectionClosed(error: Error): void {
  if (!/closed/i.test(error.message)) throw error;
}

/** @returns false when there is no `redis-server` on the PATH */
async function startServer({ port, password }: Remembered, dataDir: string): Promise<boolean> {
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    dataDir,
  ];
  // Detached, so that Ctrl-C does not end it before the services that use it; the password comes by standard
  // input, where other users of the machine cannot read it.
  const server = spawn('redis-server', ['-', ...options], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const failed = new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(true));
    server.once('exit', () => resolve(true));
  });
  server.stdin.on('error', () => undefined);
  server.stdin.end(`requirepass ${password}\n`);
  server.unref();
  for (;;) {
    if (await Promise.race([failed, delay(50, false)])) return false;
    if (await versionAt(urlOf({ port, password }))) return true;
  }
}

const urlOf = ({ port, password }: Remembered) => `redis://:${password}@127.0.0.1:${port}`;

/** The same of any Redis that services can use: Sentinels and Clusters as well. */
async function versionOf(url: string): Promise<string | null> {
  const silent = createLogger({ name: 'stack', LOG_LEVEL: 'silent', NODE_ENV: 'production' });
  const redis = connectRedis(url, silent, { commandTimeout: 2_000 }); // 2 seconds
  try {
    await whenReady(redis);
    return versionIn(await redis.info('server'));
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
}

/** @returns such as `Redis 7.0.15`, or null when nothing answers */
async function versionAt(url: string): Promise<string | null> {
  try {
    return await withRedis(url, async (redis) => versionIn(await redis.info('server')));
  } catch {
    return null;
  }
}

const versionIn = (info: string): string =>
  `Redis ${/redis_version:(\S+)/.exec(info)?.[1] ?? 'of an unknown version'}`;

async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000, // 2 seconds
  });
  redis.on('error', () => undefined); // the failed command reports it
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
