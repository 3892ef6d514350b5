export { parseArguments } from './cli/parse-arguments.ts';
export { clientNetwork } from './client-network.ts';
export * from './config.ts';
export { createEventBus, type EventBus, type EventListener } from './events/event-bus.ts';
export { freePort, isPortFree } from './free-port.ts';
export * from './http-service.ts';
export * from './identity/access-token.ts';
export * from './identity/assertion.ts';
export { ANONYMOUS_CALLER, type Caller, type Identity } from './identity/identity.ts';
export { type Fetch, fetchKeysAt, isTrustworthy, keysOfIssuer } from './identity/issuer-keys.ts';
export { createFetchedKeySet, KeysUnavailableError } from './identity/key-set.ts';
export {
  CACHE_PREFIX,
  type InvalidationRecord,
  invalidationRecord,
  ON_RECORD,
} from './invalidation/invalidation-record.ts';
export { createInvalidator, type Invalidator, type InvalidatorOptions } from './invalidation/invalidator.ts';
export { type Changed, entityLabel, labelsOf, tagLabel } from './invalidation/labels.ts';
export { type ChangeMessage, redisInvalidation } from './invalidation/redis-invalidation.ts';
export {
  createOperationLog,
  type OperationLine,
  type OperationLog,
  type OperationLogSettings,
  operationLogSettings,
} from './log/operation-log.ts';
export { createViewerMark, type ViewerMark } from './log/viewer-mark.ts';
export { createLogger, type Logger } from './logger.ts';
export { Counter, createMetrics, Gauge, Histogram, Registry } from './metrics.ts';
export {
  connectRedis,
  connectRedisSubscriber,
  type Redis,
  type RedisConnectionOptions,
  whenReady,
} from './redis/redis.ts';
export { parseRedisUrl, type RedisAddress, redisUrl } from './redis/redis-url.ts';
export { defineScript, type RedisScript } from './redis/script.ts';
export { parseRequestDeadline, REQUEST_DEADLINE_HEADER } from './request-deadline.ts';
export { parseRequestStart, REQUEST_START_HEADER, requestStart } from './request-start.ts';
export { exitWith, READY, type RunningService, runService } from './run-service.ts';
export { StartupError } from './startup-error.ts';
export { subgraphUrls } from './subgraph-urls.ts';
export * from './telemetry/current-trace.ts';
export { errorTypeOf } from './telemetry/error-type.ts';
export { type TracingSettings, tracingSettings } from './telemetry/settings.ts';
export type * from './telemetry/span.ts';
export { startTracing } from './telemetry/start-tracing.ts';
export { traceHeadersOf } from './telemetry/trace-headers.ts';
export { createConnector, type PeerTls, peerTls } from './tls/connector.ts';
export { type Credentials, openTls, type ServiceTls } from './tls/credentials.ts';
export { type ServerTlsSettings, type SubgraphTlsSettings, subgraphTlsSettings } from './tls/settings.ts';
