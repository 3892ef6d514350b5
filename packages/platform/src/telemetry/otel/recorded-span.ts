import {
  type Span as ApiSpan,
  SpanKind as Kind,
  ROOT_CONTEXT,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Attributes, Span, SpanKind, SpanOptions, TraceHeaders } from '../span.ts';
import { headersOf } from './remote-context.ts';

export const KINDS: Readonly<Record<SpanKind, Kind>> = {
  internal: Kind.INTERNAL,
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
};

/** A span of OpenTelemetry. It is handed on by hand: where it is from is told at its start, by no global context. */
export class RecordedSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly headers: TraceHeaders;
  readonly #tracer: Tracer;
  readonly #span: ApiSpan;

  constructor(tracer: Tracer, span: ApiSpan) {
    const context = span.spanContext();
    this.traceId = context.traceId;
    this.spanId = context.spanId;
    this.headers = headersOf(context);
    this.#tracer = tracer;
    this.#span = span;
  }

  child(name: string, { kind = 'internal', attributes = {} }: SpanOptions = {}): Span {
    const context = trace.setSpan(ROOT_CONTEXT, this.#span);
    const span = this.#tracer.startSpan(name, { kind: KINDS[kind], attributes }, context);
    return new RecordedSpan(this.#tracer, span);
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(type: string): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.setAttribute('error.type', type);
  }

  end(): void {
    // A second end would be a fault to OpenTelemetry.
    if (this.#span.isRecording()) this.#span.end();
  }
}
