import { z } from 'zod';

/** Where a Redis is, as its URL says. */
export interface RedisAddress {
  kind: 'single' | 'sentinel' | 'cluster';
  tls: boolean;
  /** Of the server, of Sentinels, or of some nodes of a Cluster. */
  hosts: readonly { host: string; port: number }[];
  username?: string;
  password?: string;
  /** The name that Sentinels know the master by. */
  master?: string;
  /** Number of the database. */
  db: number;
}

const FORMS =
  'redis://host:port, redis+sentinel://host:port,…/master or redis+cluster://host:port,… (rediss for TLS)';

const URL_PARTS = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/]*)@)?([^/?#@]*)(?:\/([^?#]*))?$/;

/**
 * Reads where a Redis is. What follows the host of a single server (`?family=6`) is for `ioredis`.
 *
 * @param url - `redis://[user:password@]host[:port][/database]`,
 * `redis+sentinel://[user:password@]host:port,host:port/master[/database]` or
 * `redis+cluster://[user:password@]host:port,host:port`; with `rediss` for TLS
 * @throws TypeError that says what is wrong with it, without a word of the password
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, protocol, form = 'single', signIn, hosts = '', path = ''] =
    URL_PARTS.exec(url.replace(/\?.*$/, '')) ?? [];
  if (protocol === undefined) throw new TypeError(`must be ${FORMS}`);
  const kind = form as RedisAddress['kind'];
  const [first = '', second = '', ...more] = path.split('/');
  const database = kind === 'sentinel' ? second : first;
  const rest = kind === 'sentinel' ? more : [second, ...more].filter(Boolean);
  if (kind === 'sentinel' && !first)
    throw new TypeError('names no master: redis+sentinel://host:port,…/master');
  if (kind === 'cluster' && path) throw new TypeError('has a database, and a Cluster has only one');
  if (kind !== 'single' && url.includes('?')) throw new TypeError('takes no parameters after ?');
  if (rest.length > 0 || !/^\d*$/.test(database)) throw new TypeError('has a database that is not a number');
  const [username, password] = signInOf(signIn);
  return {
    kind,
    tls: protocol === 'rediss',
    hosts: hostsOf(hosts, kind),
    ...(username && { username }),
    ...(password && { password }),
    ...(kind === 'sentinel' && { master: decode(first) }),
    db: Number(database),
  };
}

/** A setting that says where a Redis is. */
export const redisUrl = () =>
  z.string().superRefine((url, context) => {
    try {
      parseRedisUrl(url);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

function hostsOf(text: string, kind: RedisAddress['kind']): RedisAddress['hosts'] {
  const usualPort = kind === 'sentinel' ? 26_379 : 6_379;
  const hosts = text.split(',').map((item) => {
    const [, bracketed, name, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d+))?$/.exec(item) ?? [];
    const host = bracketed ?? name;
    if (host === undefined || Number(port ?? usualPort) > 65_535)
      throw new TypeError(`has "${item}" where a host:port should be`);
    return { host, port: Number(port ?? usualPort) };
  });
  if (kind === 'single' && hosts.length > 1)
    throw new TypeError('names several hosts: begin with redis+sentinel:// or redis+cluster://');
  return hosts;
}

function signInOf(text: string | undefined): [username?: string, password?: string] {
  if (text === undefined) return [];
  const colon = text.indexOf(':');
  return colon < 0 ? [decode(text)] : [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError('has a % that begins no escape; a % itself is written %25');
  }
}
