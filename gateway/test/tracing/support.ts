import { randomBytes } from 'node:crypto';
import type { OtlpReceiver, ReceivedSpan } from '@tributary/testing';
import { until } from '../support/until.ts';

/** Settings of a gateway that records everything, and sends it soon. */
export const tracedBy = (receiver: OtlpReceiver): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_TRACES_SAMPLER_ARG: '1',
  OTEL_BSP_SCHEDULE_DELAY: '10',
});

/** A place in a trace of somebody else's. */
export function newTrace(flags: '00' | '01' = '01') {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** Waits for a span, and gives it with all that is known of its trace by then. */
export async function traceWith(
  receiver: OtlpReceiver,
  holds: (span: ReceivedSpan) => boolean,
): Promise<{ span: ReceivedSpan; spans: ReceivedSpan[] }> {
  await until(async () => receiver.spans.some(holds));
  const span = receiver.spans.find(holds) as ReceivedSpan;
  return { span, spans: receiver.spans.filter(({ traceId }) => traceId === span.traceId) };
}
