import type { TraceHeaders } from './span.ts';

/** Of W3C Trace Context; later versions may have more behind the flags. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

const LONGEST = 512; // characters; a longer `tracestate` need not be handed on

/** The place in a trace that a request's headers, or what a job keeps of them, name; null when they name none. */
export function traceHeadersOf(given: unknown): TraceHeaders | null {
  if (typeof given !== 'object' || given === null) return null;
  const { traceparent, tracestate } = given as { traceparent?: unknown; tracestate?: unknown };
  if (typeof traceparent !== 'string' || traceparent.length > LONGEST || !TRACEPARENT.test(traceparent))
    return null;
  const hasState = typeof tracestate === 'string' && tracestate !== '' && tracestate.length <= LONGEST;
  return { traceparent, ...(hasState && { tracestate }) };
}

/** Whether the trace is recorded by who sent the headers. */
export const isSampled = ({ traceparent }: TraceHeaders): boolean =>
  (Number.parseInt(traceparent.slice(53, 55), 16) & 1) === 1;
