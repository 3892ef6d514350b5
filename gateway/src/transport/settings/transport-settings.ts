import { z } from 'zod';
import type { RetryLimits } from '../resilience/calls.ts';
import type { BreakerLimits } from '../resilience/circuit-breaker.ts';
import { breakerSettings, completeBreaker, completeRetries, retrySettings } from './resilience-settings.ts';
import { duration, size } from './units.ts';

/** Most connections to one subgraph; requests above that wait for their turn, within their deadline. */
const CONNECTIONS = 256;

/** With HTTP/2 each connection carries many requests at once. */
const HTTP2_CONNECTIONS = 16;

const ANSWER_LIMIT = 64_000_000; // bytes

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** How a subgraph is asked, as the configuration file has it; every key may be left out. */
export const transportSettings = z.strictObject({
  timeout: duration().optional(),
  connections: z
    .int({ error: 'must be a number of connections' })
    .min(1, 'must be at least 1')
    .max(10_000, 'must be at most 10000')
    .optional(),
  http2: z.literal([true, false, 'h2c'], { error: 'must be true, false or h2c' }).optional(),
  compression: oneOf(['gzip', 'br', 'none']).optional(),
  answer_limit: size().optional(),
  ca: z.string({ error: 'must be the path of a PEM file' }).min(1).optional(),
  retries: retrySettings.optional(),
  breaker: breakerSettings.optional(),
  share_fetches: z.boolean({ error: 'must be true or false' }).optional(),
  subscriptions: z
    .strictObject(
      {
        protocol: oneOf(['graphql-ws', 'sse', 'none']),
        url: z.url({ protocol: /^(wss?|https?)$/, error: 'must be a ws(s) or http(s) URL' }).optional(),
      },
      {
        error: ({ code }) =>
          code === 'invalid_type' ? 'must have a `protocol`: graphql-ws, sse or none' : undefined,
      },
    )
    .optional(),
});

/** How a subgraph is asked, as far as the configuration file says. */
export type GivenSettings = z.infer<typeof transportSettings>;

/** How a subgraph is asked. */
export interface TransportSettings {
  /** Milliseconds for one answer, with all retries. */
  timeout: number;
  /** When a call is sent again; null for never. */
  retries: RetryLimits | null;
  /** When the subgraph is not asked for a while; null for never. */
  breaker: BreakerLimits | null;
  /** Most connections to each place of the subgraph. */
  connections: number;
  /** Negotiated over https; `h2c` is also spoken to an http URL, without asking. */
  http2: boolean | 'h2c';
  /** The encoding that answers may have. */
  compression: 'gzip' | 'br' | 'none';
  /** Most bytes of an answer, decoded. */
  answerLimit: number;
  /** PEM text of the certificates that are trusted in place of the well-known ones; null for those. */
  ca: string | null;
  /** Whether equal queries that are under way at the same time are sent once. */
  shareFetches: boolean;
  /** How subscriptions are held; null when the file does not say. */
  subscriptions: { protocol: 'graphql-ws' | 'sse' | 'none'; url: string | null } | null;
}

/** What the environment says about all subgraphs. */
export type TransportDefaults = Pick<TransportSettings, 'timeout' | 'shareFetches'>;

/** What is said for all subgraphs, and over that what is said for one: of retries and breaker each key on its own. */
export const combineSettings = (all: GivenSettings, own: GivenSettings = {}): GivenSettings => ({
  ...all,
  ...own,
  ...bothOf('retries', all, own),
  ...bothOf('breaker', all, own),
});

function bothOf<K extends 'retries' | 'breaker'>(key: K, all: GivenSettings, own: GivenSettings) {
  const [general, special] = [all[key], own[key]];
  return general && special ? { [key]: { ...general, ...special } } : {};
}

/**
 * Fills in what the file leaves out.
 *
 * @param given - what the file says, with `ca` already read
 */
export function completeSettings(
  { answer_limit, share_fetches, subscriptions, ...given }: GivenSettings,
  defaults: TransportDefaults,
): TransportSettings {
  const http2 = given.http2 ?? false;
  return {
    timeout: given.timeout ?? defaults.timeout,
    retries: completeRetries(given.retries),
    breaker: completeBreaker(given.breaker),
    connections: given.connections ?? (http2 ? HTTP2_CONNECTIONS : CONNECTIONS),
    http2,
    compression: given.compression ?? 'none',
    answerLimit: answer_limit ?? ANSWER_LIMIT,
    ca: given.ca ?? null,
    shareFetches: share_fetches ?? defaults.shareFetches,
    subscriptions: subscriptions
      ? { protocol: subscriptions.protocol, url: subscriptions.url ?? null }
      : null,
  };
}
