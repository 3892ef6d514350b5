export { DEMO_PASSWORD } from '../users/seed/credentials.ts';
export { DEMO, DEMO_EMAILS } from '../users/seed/people.ts';
export { DATABASES, type Database, type Dataset } from './dataset.ts';
export * from './ids.ts';
export { Random } from './random.ts';
export { type Volumes, volumesOf } from './scale.ts';
export { makeDatasets, type Progress, type SeedOptions, type SeedSummary, seedAll } from './seed-all.ts';
export {
  type DatabaseSummary,
  type SeedDatabaseOptions,
  seedDatabase,
  type TableSummary,
} from './seed-database.ts';
export { TODAY } from './time.ts';
