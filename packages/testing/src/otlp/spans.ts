import { type Fields, hexIn, messagesIn, numberIn, readFields, textIn } from './protobuf.ts';

/** A span as a collector is sent it. */
export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty for the first span of a trace. */
  parentSpanId: string;
  name: string;
  /** OpenTelemetry's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  /** Milliseconds since the epoch. */
  start: number;
  end: number;
  attributes: Record<string, string | number | boolean>;
  links: { traceId: string; spanId: string }[];
  isError: boolean;
  /** Of the process. */
  resource: Record<string, string | number | boolean>;
}

const ERROR = 2;
const NANOSECONDS = 1_000_000; // in a millisecond

/** Reads a body of OTLP, `ExportTraceServiceRequest` of opentelemetry/proto/collector/trace/v1. */
export function spansIn(body: Buffer): ReceivedSpan[] {
  return messagesIn(readFields(body), 1).flatMap((resourceSpans) => {
    const resource = Object.assign({}, ...messagesIn(resourceSpans, 1).map((one) => attributesIn(one, 1)));
    const scopes = messagesIn(resourceSpans, 2);
    return scopes.flatMap((scope) => messagesIn(scope, 2)).map((span) => spanOf(span, resource));
  });
}

const spanOf = (span: Fields, resource: ReceivedSpan['resource']): ReceivedSpan => ({
  service: String(resource['service.name']),
  traceId: hexIn(span, 1),
  spanId: hexIn(span, 2),
  parentSpanId: hexIn(span, 4),
  name: textIn(span, 5),
  kind: numberIn(span, 6),
  start: numberIn(span, 7) / NANOSECONDS,
  end: numberIn(span, 8) / NANOSECONDS,
  attributes: attributesIn(span, 9),
  links: messagesIn(span, 13).map((link) => ({ traceId: hexIn(link, 1), spanId: hexIn(link, 2) })),
  isError: messagesIn(span, 15).some((status) => numberIn(status, 3) === ERROR),
  resource,
});

const attributesIn = (fields: Fields, number: number): ReceivedSpan['attributes'] =>
  Object.fromEntries(
    messagesIn(fields, number).flatMap((pair) =>
      messagesIn(pair, 2).map((value) => [textIn(pair, 1), anyValueIn(value)] as const),
    ),
  );

/** @param value - an `AnyValue`, of text, a boolean, or a whole number */
function anyValueIn(value: Fields): string | number | boolean {
  if (value.has(1)) return textIn(value, 1);
  if (value.has(2)) return numberIn(value, 2) === 1;
  return numberIn(value, 3);
}
