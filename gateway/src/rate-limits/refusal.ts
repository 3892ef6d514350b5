import type { GraphQLError } from 'graphql';
import { refusal } from '../errors/gateway-error.ts';
import type { Count } from './counters.ts';
import type { Asker, Limit } from './limits.ts';

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/** The header that tells what is left. */
export const COUNTS_HEADER = 'ratelimit';

/**
 * Tells a client what it has left, in the headers of draft-ietf-httpapi-ratelimit-headers
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).
 */
export function tellCounts({ setHeader }: Pick<Asker, 'setHeader'>, counts: readonly Count[]): void {
  if (!setHeader) return;
  setHeader('ratelimit-policy', counts.map(({ limit }) => policyOf(limit)).join(', '));
  setHeader(COUNTS_HEADER, counts.map(stateOf).join(', '));
}

const policyOf = ({ name, points, per }: Limit) => `"${name}";q=${points};w=${per}`;
const stateOf = ({ limit, remaining, resetsIn }: Count) =>
  `"${limit.name}";r=${remaining};t=${seconds(resetsIn)}`;

/** The error of a request that is over a limit. @param over - the one that has to be waited for longest */
export function rateLimited({ limit, resetsIn }: Count): GraphQLError {
  const retryAfter = seconds(resetsIn);
  return refusal('RATE_LIMITED', {
    message: `Too many requests. Try again in ${retryAfter} s.`,
    headers: { 'retry-after': String(retryAfter) },
    extensions: { limit: limit.name, retryAfter },
  });
}
