/**
 * The header that says how many milliseconds are left for an answer, counted from when the request arrives. It means the
 * same from a client to the gateway and from there to a subgraph, as `grpc-timeout` does: a time that is left needs no
 * clocks that agree.
 */
export const REQUEST_DEADLINE_HEADER = 'x-request-deadline-ms';

/** @returns milliseconds that a header's value says are left; null for what is none: it is a whole number above zero */
export const parseRequestDeadline = (value: unknown): number | null =>
  /^[1-9]\d{0,8}$/.test(String(value)) ? Number(value) : null;
