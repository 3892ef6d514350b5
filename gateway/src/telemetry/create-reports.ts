import { createOperationLog, createViewerMark, type Logger } from '@tributary/platform';
import type { GatewaySettings } from '../config.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import { OperationReports } from './operation-reports.ts';

/** Makes what tells of the operations that were answered, as the settings say. */
export const createReports = (
  settings: Pick<GatewaySettings, 'INTERNAL_SECRET' | 'OPERATION_LOG_LEVEL' | 'SLOW_OPERATION_MS'>,
  metrics: GatewayMetrics,
  logger: Logger,
): OperationReports =>
  new OperationReports(
    metrics,
    createOperationLog(settings),
    createViewerMark(settings.INTERNAL_SECRET),
    logger,
  );
