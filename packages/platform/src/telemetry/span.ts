/** What is told to whoever goes on with a trace: the headers of W3C Trace Context. */
export interface TraceHeaders {
  traceparent: string;
  tracestate?: string;
}

/** Where some work stands in a trace. */
export interface TraceContext {
  /** For what others are asked as a part of it. */
  readonly headers: TraceHeaders;
  /** Null when the trace is not recorded. */
  readonly span: Span | null;
}

/** Facts, by the names of OpenTelemetry's semantic conventions where they have one. Never of a person. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a span is to the work that it is a part of, as OpenTelemetry has it. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** What a span begins with. */
export interface SpanOptions {
  /** @default internal */
  kind?: SpanKind;
  attributes?: Attributes;
}

/** A piece of work that is recorded. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** For what others are asked as a part of it. */
  readonly headers: TraceHeaders;
  /** Begins a part of it. */
  child(name: string, options?: SpanOptions): Span;
  set(attributes: Attributes): void;
  /** Notes that it failed. @param type - a code or a name, never a message: that may tell of a person */
  fail(type: string): void;
  /** Only the first call counts. */
  end(): void;
}

/** What a trace, or a service's part of one, begins with. */
export interface BeginOptions extends SpanOptions {
  /** The headers of who asked, if they are to be believed; what is none begins a trace. */
  parent?: TraceHeaders | null | undefined;
  /** Work of another trace that led to this one. */
  link?: TraceLink | null | undefined;
}

/** A hint to another trace. */
export interface TraceLink {
  headers: TraceHeaders;
  /** Whether this trace is recorded if that one was, whatever the ratio. */
  decides: boolean;
}

/** Records the traces of one service. */
export interface Tracing {
  /** Begins the work for a request, a job or an event. */
  begin(name: string, options?: BeginOptions): TraceContext;
  /** Sends what was recorded, but waits only a moment for who takes it. */
  close(): Promise<void>;
}
