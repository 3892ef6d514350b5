import { parseRedisUrl } from '@tributary/platform';
import { z } from 'zod';

/** Where events go, as `EVENTS_OUT` says. */
export type EventsTarget =
  | { kind: 'off' }
  | {
      kind: 'redis';
      /** For `connectRedis`. */
      url: string;
      stream: string;
      /** About so many entries are kept. */
      maxLength: number;
    }
  | ({ kind: 'nats' /** JetStream's. */; stream: string } & Servers)
  | { kind: 'rabbitmq' /** `amqp://…` */; url: string; exchange: string }
  | ({ kind: 'kafka'; topic: string } & Servers);

/** Servers of one cluster, and who we are to them. */
export interface Servers {
  /** Each `host:port`. */
  servers: readonly string[];
  tls: boolean;
  username?: string;
  password?: string;
}

const FORMS = 'redis://…, nats://…, amqp://… or kafka://…, or off';
const MAX_LENGTH = 1_000_000;

/**
 * Reads what `EVENTS_OUT` says.
 *
 * @throws TypeError with the rest of a sentence that begins with the setting's name; it never has the password in it
 */
export function parseEventsOut(text: string): EventsTarget {
  if (text === 'off') return { kind: 'off' };
  const [, protocol = '', rest = '', query = ''] =
    /^([a-z]+(?:\+[a-z]+)?):\/\/([^?]*)(?:\?(.*))?$/.exec(text) ?? [];
  switch (protocol) {
    case 'redis':
    case 'rediss':
    case 'redis+sentinel':
    case 'rediss+sentinel':
    case 'redis+cluster':
    case 'rediss+cluster': {
      const url = `${protocol}://${rest}`;
      parseRedisUrl(url);
      const { stream = 'domain-events', maxlen } = parametersOf(query, ['stream', 'maxlen']);
      return { kind: 'redis', url, stream, maxLength: countOf(maxlen, 'maxlen', MAX_LENGTH) };
    }
    case 'nats':
    case 'tls': {
      const { stream = 'DOMAIN_EVENTS' } = parametersOf(query, ['stream']);
      if (/[\s.*>/\\]/.test(stream))
        throw new TypeError('has a stream with a character that NATS does not take');
      return { kind: 'nats', stream, ...serversOf(rest, 4_222, protocol === 'tls') };
    }
    case 'amqp':
    case 'amqps': {
      const { exchange = 'domain-events' } = parametersOf(query, ['exchange']);
      const url = `${protocol}://${rest}`;
      if (!URL.canParse(url) || new URL(url).hostname === '') throw new TypeError(`must be ${FORMS}`);
      return { kind: 'rabbitmq', url, exchange };
    }
    case 'kafka':
    case 'kafkas': {
      const { topic = 'domain-events' } = parametersOf(query, ['topic']);
      return { kind: 'kafka', topic, ...serversOf(rest, 9_092, protocol === 'kafkas') };
    }
    default:
      throw new TypeError(`must be ${FORMS}`);
  }
}

/** The setting that says where events go. */
export const eventsOut = () =>
  z.string().superRefine((text, context) => {
    try {
      parseEventsOut(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

function parametersOf<Name extends string>(
  query: string,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const given = Object.fromEntries(new URLSearchParams(query));
  const known: readonly string[] = names;
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`has "${unknown}" after ?, where ${names.join(' and ')} may be`);
  const empty = Object.keys(given).find((name) => !given[name]);
  if (empty !== undefined) throw new TypeError(`has no value for "${empty}"`);
  return given as Partial<Record<Name, string>>;
}

function countOf(text: string | undefined, name: string, usual: number): number {
  if (text === undefined) return usual;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new TypeError(`has "${name}" that is no number above 0`);
  return count;
}

function serversOf(text: string, usualPort: number, tls: boolean): Servers {
  const at = text.lastIndexOf('@');
  const servers = text
    .slice(at + 1)
    .replace(/\/$/, '')
    .split(',')
    .map((item) => {
      const [, host, port = usualPort] = /^([^\s:/@]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?$/.exec(item) ?? [];
      if (host === undefined || Number(port) > 65_535)
        throw new TypeError(`has "${item}" where a host:port should be`);
      return `${host}:${port}`;
    });
  if (at < 0) return { servers, tls };
  const [username = '', ...password] = text.slice(0, at).split(':');
  return { servers, tls, username: decode(username), password: decode(password.join(':')) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError('has a % that begins no escape; a % itself is written %25');
  }
}
