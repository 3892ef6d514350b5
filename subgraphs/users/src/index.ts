export { readSettings, type Settings, settingsSchema } from './config.ts';
export { EVENT_CATALOGUE as eventCatalogue } from './event-catalogue.ts';
export { retentionOf } from './retention.ts';
export { schemaFile, startUsers as start } from './start.ts';
