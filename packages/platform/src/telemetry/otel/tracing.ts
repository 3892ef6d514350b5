import { setTimeout as sleep } from 'node:timers/promises';
import { type Link, ROOT_CONTEXT, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from '../../logger.ts';
import type { TracingSettings } from '../settings.ts';
import type { BeginOptions, TraceContext, TraceHeaders, TraceLink, Tracing } from '../span.ts';
import { isSampled } from '../trace-headers.ts';
import { Ids } from './ids.ts';
import { KINDS, RecordedSpan } from './recorded-span.ts';
import { headersOf, spanContextOf } from './remote-context.ts';
import { reportingExporter } from './reporting-exporter.ts';
import { createSampling, type Sampling } from './sampler.ts';

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
  const ids = new Ids();
  const sampling = createSampling(ratio);
  const provider = new TracerProvider({
    idGenerator: ids,
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.namespace': 'tributary',
        'service.instance.id': String(process.pid),
        ...settings.OTEL_RESOURCE_ATTRIBUTES,
        'service.name': service,
        ...(settings.DATA_REGION !== undefined && { 'tributary.data_region': settings.DATA_REGION }),
      }),
    ),
    sampler: sampling.sampler,
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
    begin: (name, beginOptions = {}) => begin({ tracer, ids, sampling }, name, beginOptions),
    async close() {
      const waiting = new AbortController();
      const tooLong = sleep(CLOSE_TIMEOUT, undefined, { signal: waiting.signal }).catch(() => undefined);
      // Whatever fails has been reported.
      await Promise.race([provider.shutdown().catch(() => undefined), tooLong]);
      waiting.abort();
    },
  };
}

/** What traces begin with. */
interface Beginning {
  tracer: Tracer;
  ids: Ids;
  sampling: Sampling;
}

function begin(
  { tracer, ids, sampling }: Beginning,
  name: string,
  { kind = 'internal', attributes = {}, parent, link }: BeginOptions,
): TraceContext {
  // Most requests are not recorded: what came is handed on as it is, and OpenTelemetry is not asked.
  if (parent && !isSampled(parent)) return { headers: parent, span: null };
  if (!parent && !(link?.decides && isSampled(link.headers))) {
    const traceId = ids.generateTraceId();
    if (!sampling.records(traceId)) return { headers: unrecorded(traceId, ids.generateSpanId()), span: null };
    ids.keep(traceId);
  }
  const context = parent ? trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent)) : ROOT_CONTEXT;
  const links = link ? [linkTo(link)] : [];
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, links }, context);
  const recorded = new RecordedSpan(tracer, span);
  return { headers: recorded.headers, span: recorded };
}

const unrecorded = (traceId: string, spanId: string): TraceHeaders =>
  headersOf({ traceId, spanId, traceFlags: TraceFlags.NONE });

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
