import type { Logger } from '../logger.ts';
import type { TracingSettings } from './settings.ts';
import type { Tracing } from './span.ts';

export interface TracingOptions {
  /** Name of the service; each of several in one process has its own. */
  service: string;
  settings: TracingSettings;
  logger: Logger;
}

/**
 * Prepares the traces of one service. Nothing is registered for the whole process, in which there may be several.
 *
 * @returns null when there is nowhere to send them: then OpenTelemetry is not even loaded
 */
export async function startTracing({ service, settings, logger }: TracingOptions): Promise<Tracing | null> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = settings;
  if (endpoint === undefined) return null;
  const { openTelemetryTracing } = await import('./otel/tracing.ts');
  return openTelemetryTracing({ service, settings, endpoint, logger });
}
