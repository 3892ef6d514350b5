import { parseRequestDeadline } from '@tributary/platform';
import { refusal } from '../errors/gateway-error.ts';
import { isObject } from '../execution/plan/objects.ts';

/**
 * The deadline of an operation on a WebSocket. A message has no headers, so `extensions.deadlineMs` has there the
 * meaning of `x-request-deadline-ms`.
 *
 * @param body - as that of a request over HTTP
 * @returns milliseconds that its client waits; null when it does not say
 * @throws GraphQLError `BAD_REQUEST_DEADLINE`
 */
export function deadlineOf(body: unknown): number | null {
  const given = isObject(body) && isObject(body.extensions) ? body.extensions.deadlineMs : undefined;
  if (given === undefined || given === null) return null;
  const milliseconds = typeof given === 'number' ? parseRequestDeadline(given) : null;
  if (milliseconds === null) throw refusal('BAD_REQUEST_DEADLINE', { message: WRONG });
  return milliseconds;
}

const WRONG = 'extensions.deadlineMs must be a whole number of milliseconds above zero, of at most 9 digits.';
