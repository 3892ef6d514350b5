import { z } from 'zod';

/** Where traces go, and how many; the names and forms are OpenTelemetry's own. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .optional()
    .describe(
      'Where traces are sent, by OTLP in protobuf over HTTP: `http://collector:4318`, to which `/v1/traces` is added. Unset: nothing is traced',
    ),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .transform(parsePairs)
    .optional()
    .describe('Headers that traces are sent with, values percent-encoded: `api-key=secret,…`'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe(
      'Part of the traces that is recorded, from 0 to 1; who goes on with a trace does as who began it',
    ),
  OTEL_BSP_SCHEDULE_DELAY: z.coerce
    .number()
    .int()
    .min(1)
    .default(5_000)
    .describe('Milliseconds until what was recorded is sent, unless there is enough for a batch before'),
  OTEL_RESOURCE_ATTRIBUTES: z
    .string()
    .transform(parsePairs)
    .optional()
    .describe('What else is said of the process in traces: `deployment.environment.name=staging,…`'),
};

/** Those settings after they were read. */
export interface TracingSettings {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  OTEL_EXPORTER_OTLP_HEADERS?: Readonly<Record<string, string>> | undefined;
  OTEL_TRACES_SAMPLER_ARG: number;
  OTEL_BSP_SCHEDULE_DELAY: number;
  OTEL_RESOURCE_ATTRIBUTES?: Readonly<Record<string, string>> | undefined;
  /** Of every service. */
  DATA_REGION?: string | undefined;
}

/** `name=value,…` with percent-encoded values, as W3C Baggage has them. */
function parsePairs(text: string, context: z.RefinementCtx): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const item of text.split(',').filter((one) => one.trim() !== '')) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(item) ?? [];
    const decoded = value === undefined ? null : decode(value);
    if (name === undefined || decoded === null) {
      context.addIssue({ code: 'custom', message: 'must be name=value pairs with commas between' });
      return z.NEVER;
    }
    pairs[name] = decoded;
  }
  return pairs;
}

function decode(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
