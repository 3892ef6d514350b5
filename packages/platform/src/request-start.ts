/**
 * The header in which the gateway tells when a client's request came in: `t=` and milliseconds since 1970, as load
 * balancers write it. What was under way at once can so be told from what came later, whenever it arrives.
 */
export const REQUEST_START_HEADER = 'x-request-start';

/** The header's value for a time. */
export const requestStart = (time: Date): string => `t=${time.getTime()}`;

/** The time that a header's value says; null for what is none. */
export function parseRequestStart(value: unknown): Date | null {
  const [, milliseconds] = /^t=(\d{13})$/.exec(String(value)) ?? [];
  return milliseconds === undefined ? null : new Date(Number(milliseconds));
}
