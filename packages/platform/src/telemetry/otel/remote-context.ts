import { createTraceState, type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { TraceHeaders } from '../span.ts';

/** The span that headers name, as OpenTelemetry has it. @param headers - valid ones, see `traceHeadersOf` */
export function spanContextOf({ traceparent, tracestate }: TraceHeaders): SpanContext {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
}

/** The headers that name a span. */
export function headersOf({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceHeaders {
  const tracestate = traceState?.serialize();
  return {
    traceparent: `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`,
    ...(tracestate && { tracestate }),
  };
}
