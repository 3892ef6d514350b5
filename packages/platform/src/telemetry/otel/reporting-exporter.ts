import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../../logger.ts';

/**
 * An exporter that says in the log when traces cannot be sent, and when they can again: once, not for every batch. What
 * could not be sent is lost.
 */
export function reportingExporter(exporter: SpanExporter, endpoint: string, logger: Logger): SpanExporter {
  let failing = false;
  const report = ({ code, error }: ExportResult) => {
    const fails = code !== ExportResultCode.SUCCESS;
    if (fails === failing) return;
    failing = fails;
    // Not the error itself: it may have the answer with it, and the headers.
    const reason = error?.message;
    if (fails) logger.warn({ endpoint, reason }, 'traces cannot be sent; going on without them');
    else logger.info({ endpoint }, 'traces can be sent again');
  };
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        report(result);
        // What failed has been told: to whom it would be told next, every batch is worth a line.
        done({ code: ExportResultCode.SUCCESS });
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
