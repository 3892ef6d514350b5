export * from './errors.ts';
export * from './global-id.ts';
export { groupBy } from './group-by.ts';
export * from './loaders.ts';
export { type CurrencyCode, type Money, money } from './money.ts';
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
export { connectDatabase, type Database } from './server/database.ts';
export { type SubgraphSettings, subgraphSettings } from './server/settings.ts';
export { type RequestContext, type RunningSubgraph, startSubgraph } from './server/start-subgraph.ts';
export * from './viewer.ts';
