export { backupSettings } from './backup/settings.ts';
export {
  connectionError,
  type DatabaseSource,
  databaseName,
  parseDatabaseUrl,
  withDatabase,
} from './database-url.ts';
export { databaseSetting, listDatabases, type OwnedDatabase } from './databases.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
  useEmbeddedPostgres,
} from './embedded/embedded-postgres.ts';
export { embeddedOptions, embeddedSettings } from './embedded/settings.ts';
export {
  type RestartOptions,
  startTemporaryPostgres,
  type TemporaryPostgres,
} from './embedded/temporary-postgres.ts';
export { startTemporaryStandby } from './embedded/temporary-standby.ts';
export { type ClientOptions, ensureDatabase, withClient } from './ensure-database.ts';
export { inTransaction } from './in-transaction.ts';
export { type MigrateOptions, markRolledBack, migrate } from './migrations/migrate.ts';
export { type DriftOptions, migrationDrift, newMigration } from './migrations/new-migration.ts';
export { awaitMigrations } from './migrations/pending.ts';
export { type OpenDatabases, openDatabases } from './open-databases.ts';
export { openPool, type PoolOptions } from './open-pool.ts';
export { REPOSITORY, repositoryDatabases } from './repository.ts';
export { checkRegion } from './residency/data-region.ts';
export { groupByDatabase } from './row-reference.ts';
