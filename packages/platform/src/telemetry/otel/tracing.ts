import { setTimeout as sleep } from 'node:timers/promises';
import { type Link, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from '../../logger.ts';
import type { TracingSettings } from '../settings.ts';
import type { BeginOptions, TraceContext, TraceLink, Tracing } from '../span.ts';
import { isSampled } from '../trace-headers.ts';
import { KINDS, RecordedSpan } from './recorded-span.ts';
import { headersOf, spanContextOf } from './remote-context.ts';
import { reportingExporter } from './reporting-exporter.ts';
import { createSampler } from './sampler.ts';

export interface OpenTelemetryOptions {
  service: string;
  settings: TracingSettings;
  /** Where the collector is, without the path. */
  endpoint: string;
  logger: Logger;
}

const EXPORT_TIMEOUT = 5_000; // 5 seconds for the collector to take a batch
const CLOSE_TIMEOUT = 1_000; // 1 second for it to take the last ones; several services of a process end one by one
/** Spans that may wait for the collector; more are dropped. */
const MAX_WAITING = 8_192;

/** Traces by OpenTelemetry, with a provider of the service's own. */
export function openTelemetryTracing(options: OpenTelemetryOptions): Tracing {
  const { service, settings, endpoint, logger } = options;
  const { OTEL_EXPORTER_OTLP_HEADERS: headers, OTEL_TRACES_SAMPLER_ARG: ratio } = settings;
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.namespace': 'tributary',
        'service.instance.id': String(process.pid),
        ...settings.OTEL_RESOURCE_ATTRIBUTES,
        'service.name': service,
      }),
    ),
    sampler: createSampler(ratio),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reportingExporter(createExporter(endpoint, headers), endpoint, logger),
        scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
        maxQueueSize: MAX_WAITING,
        exportTimeoutMillis: EXPORT_TIMEOUT,
      }),
    ],
  });
  const tracer = provider.getTracer('tributary');
  return {
    begin: (name, beginOptions = {}) => begin(tracer, name, beginOptions),
    async close() {
      const waiting = new AbortController();
      const tooLong = sleep(CLOSE_TIMEOUT, undefined, { signal: waiting.signal }).catch(() => undefined);
      // Whatever fails has been reported.
      await Promise.race([provider.shutdown().catch(() => undefined), tooLong]);
      waiting.abort();
    },
  };
}

function begin(
  tracer: Tracer,
  name: string,
  { kind = 'internal', attributes = {}, parent, link }: BeginOptions,
): TraceContext {
  // Most requests are not recorded: what came is handed on as it is.
  if (parent && !isSampled(parent)) return { headers: parent, span: null };
  const context = parent ? trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent)) : ROOT_CONTEXT;
  const links = link ? [linkTo(link)] : [];
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, links }, context);
  if (!span.isRecording()) return { headers: headersOf(span.spanContext()), span: null };
  const recorded = new RecordedSpan(tracer, span);
  return { headers: recorded.headers, span: recorded };
}

function linkTo({ headers, decides }: TraceLink): Link {
  const context = spanContextOf(headers);
  return { context: decides ? context : { ...context, traceFlags: 0 } };
}

const createExporter = (endpoint: string, headers: TracingSettings['OTEL_EXPORTER_OTLP_HEADERS']) =>
  new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: EXPORT_TIMEOUT,
  });
