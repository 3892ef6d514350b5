import { type EventEmitter, once } from 'node:events';
import { Cluster, type RedisCommander, type RedisOptions, Redis as Server } from 'ioredis';
import type { Logger } from '../logger.ts';
import { parseRedisUrl, type RedisAddress } from './redis-url.ts';

/** A connection to Redis, be it one server, the master of Sentinels, or a Cluster. */
export interface Redis extends RedisCommander, EventEmitter {
  /** `ready` while commands are taken. */
  readonly status: string;
  /** Adds a command that is a script; see `defineScript`. */
  defineCommand(name: string, definition: { lua: string; numberOfKeys: number }): void;
  /** Ends the connection at once. @param reconnect - and makes it anew */
  disconnect(reconnect?: boolean): void;
}

/** Without what decides the types of answers. */
type ServerOptions = Omit<RedisOptions, 'replyMapping'>;

/** How a connection differs from others. */
export interface RedisConnectionOptions {
  /** Milliseconds that a command may take. @default 100 */
  commandTimeout?: number;
  /** Milliseconds that Redis may be silent while it owes an answer; then the connection is made anew. @default 5_000 */
  socketTimeout?: number;
}

const COMMAND_TIMEOUT = 100; // ms
const CONNECT_TIMEOUT = 2_000; // 2 seconds
const SOCKET_TIMEOUT = 5_000; // 5 seconds
const DISCONNECT_TIMEOUT = 100; // ms

const retryAfter = (attempt: number) => Math.min(attempt * 100, 2_000); // ms

/** Refuses commands while the connection is down, and gives up those that take long. */
const PATIENCE: ServerOptions = {
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT,
  connectTimeout: CONNECT_TIMEOUT,
  // A peer that is gone without a word would be waited for until the system gives up, a quarter of an hour later.
  socketTimeout: SOCKET_TIMEOUT,
  // Who disconnects waits for no answer; and for so long a timer holds the process, also when the connection was lost.
  disconnectTimeout: DISCONNECT_TIMEOUT,
  // A master that was made a replica: who connects again finds the new one.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

/**
 * Connects to Redis so that an outage costs an error at once and never a wait: commands are refused while the
 * connection is down, and given up after 100 ms, or another time, when the server hangs. The connection comes back by itself,
 * also where it was lost without a word.
 *
 * @param url - in a form that `parseRedisUrl` reads
 * @returns the client at once; the first connection is made in the background
 * @throws TypeError for another URL
 */
export function connectRedis(url: string, logger: Logger, options: RedisConnectionOptions = {}): Redis {
  const address = parseRedisUrl(url);
  const redis =
    address.kind === 'cluster' ? openCluster(address, options) : openServer(url, address, options);
  return reportingOutages(redis, logger);
}

/**
 * Connects as `connectRedis` does, for subscriptions, which the caller makes anew after each `ready`. To one node of a
 * Cluster, as any hears what is published on others; to the next one when it cannot be reached.
 */
export function connectRedisSubscriber(
  url: string,
  logger: Logger,
  options: RedisConnectionOptions = {},
): Redis {
  const address = parseRedisUrl(url);
  const redis =
    address.kind === 'cluster'
      ? openOneNode(address, options)
      : openServer(url, address, { autoResubscribe: false, ...options });
  return reportingOutages(redis, logger);
}

/**
 * Waits until commands are taken, but not long.
 *
 * @throws when they are not after 2 seconds
 */
export async function whenReady(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_TIMEOUT) });
}

function openServer(url: string, address: RedisAddress, options: ServerOptions): Server {
  const common = { ...PATIENCE, enableOfflineQueue: false, retryStrategy: retryAfter, ...options };
  if (address.kind === 'single') return new Server(url, common);
  return new Server({
    ...common,
    ...signInOf(address),
    db: address.db,
    sentinels: [...address.hosts],
    name: address.master ?? '',
    sentinelRetryStrategy: retryAfter,
    // Sentinels tell of a new master; the old one may go on answering for seconds.
    failoverDetector: true,
    ...(address.tls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
  });
}

function openOneNode(address: RedisAddress, options: ServerOptions): Server {
  const { hosts, tls } = address;
  const first = Math.floor(Math.random() * hosts.length);
  const server = new Server({
    ...PATIENCE,
    ...signInOf(address),
    ...hosts[first],
    ...(tls && { tls: {} }),
    enableOfflineQueue: false,
    autoResubscribe: false,
    ...options,
    retryStrategy(attempt) {
      // The address is read at each attempt.
      Object.assign(server.options, hosts[(first + attempt) % hosts.length]);
      return retryAfter(attempt);
    },
  });
  return server;
}

function openCluster(address: RedisAddress, options: ServerOptions): Cluster {
  return new Cluster([...address.hosts], {
    enableOfflineQueue: false,
    clusterRetryStrategy: retryAfter,
    redisOptions: { ...PATIENCE, ...signInOf(address), ...(address.tls && { tls: {} }), ...options },
    // A node's certificate is for its name.
    ...(address.tls && { dnsLookup: (name, found) => found(null, name) }),
  });
}

const signInOf = ({ username, password }: RedisAddress): ServerOptions => ({
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
});

function reportingOutages(redis: Redis, logger: Logger): Redis {
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
