import type { HttpAnswer } from '../http-post.ts';

const LONGEST_BACKOFF = 1_000; // 1 second

/**
 * How long to wait before something is sent again: twice as long each time, and never exactly, so that those who failed
 * together do not come back together.
 *
 * @param retry - 0 for the first
 * @param first - milliseconds before the first, about
 * @returns milliseconds
 */
export function backoff(retry: number, first: number): number {
  return Math.min(first * 2 ** retry, LONGEST_BACKOFF) * (0.5 + Math.random());
}

/**
 * How long a server wants not to be asked again: `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3).
 *
 * @returns milliseconds; 0 when it does not say
 */
export function retryAfter({ headers }: HttpAnswer): number {
  const value = String(headers['retry-after'] ?? '').trim();
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}
