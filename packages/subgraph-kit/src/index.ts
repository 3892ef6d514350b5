export {
  type AuditEvent,
  type AuditSource,
  type AuditTrail,
  createAuditTrail,
  type Executor,
} from './audit/audit-trail.ts';
export { type AuditRecord, readAudit } from './audit/read-audit.ts';
export type { AnswerCaching } from './caching/answer-caching.ts';
export { evict, evictionTasks } from './caching/evict.ts';
export { createEvictions, type Eviction, type Evictions, evictsCaches } from './caching/eviction.ts';
export { withoutCancellation } from './cancellation/cancellation.ts';
export { connectDatabase, type Database } from './database/database.ts';
export { DIRECT_URL_HELP, databaseUrl } from './database/database-url.ts';
export { keepPartitions } from './database/partitions/keep-partitions.ts';
export { auditLog, type MonthlyTables } from './database/partitions/monthly-tables.ts';
export { uuidV7Key } from './database/partitions/partition-key.ts';
export { readPrimary } from './database/replicas/read-scope.ts';
export { createReplicaMetrics } from './database/replicas/replica-metrics.ts';
export { replicaUrls } from './database/replicas/replica-urls.ts';
export { deadJobs, type RetainedTable, retentionDays } from './database/retention/retained-table.ts';
export { createRetention, RETENTION_TASK } from './database/retention/retention-keeper.ts';
export { SUBGRAPH_ERRORS, type SubgraphErrorEntry } from './error-codes.ts';
export * from './errors.ts';
export * from './global-id.ts';
export { groupBy } from './group-by.ts';
export type { Cookies } from './http/cookies.ts';
export * from './loaders.ts';
export { type CurrencyCode, type Money, minorUnits, money } from './money.ts';
export { checkInput, lengthOf, text } from './mutations/check-input.ts';
export { Refusal, type Settled, settle } from './mutations/refusal.ts';
export * from './mutations/user-error.ts';
export { type Connection, type CountedConnection, toConnection } from './pagination/connection.ts';
export { allOf, countRows } from './pagination/count-rows.ts';
export { isCursorOf } from './pagination/cursor.ts';
export {
  emptyPage,
  fetchPage,
  fetchPages,
  type ListSource,
  type Page,
  type Queryable,
} from './pagination/fetch-page.ts';
export { type KeysetOrder, type OrderKey, timestampKey, uuidKey } from './pagination/keyset.ts';
export {
  type ConnectionArguments,
  DEFAULT_PAGE_SIZE,
  MAX_PAGE_SIZE,
  type PageRequest,
  pageRequest,
} from './pagination/page-request.ts';
export { buildSchema, readSchema } from './schema/build-schema.ts';
export { searchText } from './search-text.ts';
export { createRequestContext, type RequestContext } from './server/request-context.ts';
export { type SubgraphSettings, subgraphSettings } from './server/settings.ts';
export {
  type Foundation,
  type RunningSubgraph,
  type SubgraphParts,
  startSubgraph,
} from './server/start-subgraph.ts';
export {
  createServiceClient,
  type ServiceClient,
  type ServiceRequest,
} from './service-client/service-client.ts';
export { ServiceError, type ServiceFailure } from './service-client/service-error.ts';
export {
  type Change,
  type ChangeFeed,
  type Changes,
  createChangeFeed,
  type Watch,
} from './subscriptions/change-feed.ts';
export { createEventSource, type EventSource } from './subscriptions/event-source.ts';
export { uuidV7 } from './uuid-v7.ts';
export * from './viewer.ts';
