export { readSettings, type Settings, settingsSchema } from './config.ts';
export { EVENT_CATALOGUE as eventCatalogue } from './event-catalogue.ts';
export { retentionOf } from './retention.ts';
export { schemaFile, start } from './start.ts';
